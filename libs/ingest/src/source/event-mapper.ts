import { Logger } from '@nestjs/common';
import { gate, type ConsentMode, type Excluder } from '@hub/policy';
import type { IngestClock, PostEvent, StreamGap } from '@hub/contracts/proto';
import { toPublicPost } from '../mastodon/to-public-post.ts';
import type { IngestMetrics } from '../metrics.ts';

/** How an event came to be known. */
export type Origin = 'live' | 'backfill' | 'verify';

/** What was seen at the server. `status` is a Status in any of the forms that `toPublicPost` reads. */
export type Sighting = { kind: 'created' | 'edited'; id: string; status: unknown } | { kind: 'deleted'; id: string };

/** Who may be carried. */
export interface Policy {
  consent: ConsentMode;
  excluded: Excluder | undefined;
}

/** The one way from what a server says to an event, live or made up for: policy included. */
export class EventMapper {
  readonly #logger = new Logger('Ingest');
  readonly #clock: IngestClock;
  readonly #policy: Policy;
  readonly #metrics: IngestMetrics;
  readonly #labels: { source: string; stream: string };

  constructor(source: string, stream: string, clock: IngestClock, policy: Policy, metrics: IngestMetrics) {
    this.#labels = { source, stream };
    this.#clock = clock;
    this.#policy = policy;
    this.#metrics = metrics;
  }

  /** Undefined: the policy keeps it back. */
  toEvent(sighting: Sighting, origin: Origin): PostEvent | undefined {
    const { source, stream } = this.#labels;
    this.#metrics.events.inc({ source, stream, type: sighting.kind, origin });
    const { consent, excluded } = this.#policy;
    const result = gate(this.#event(sighting.id, toCase(sighting)), consent, excluded);
    if (result.pass) return result.event;
    this.#metrics.refused.inc({ source, stream, reason: result.reason });
    return undefined;
  }

  countUnusable(sighting: Sighting, error: unknown): void {
    this.#metrics.skipped.inc({ ...this.#labels, reason: 'unusable' });
    this.#logger.warn(`The post ${sighting.id} of ${this.#labels.source} cannot be carried: ${String(error)}`);
  }

  toGap(gap: StreamGap): PostEvent {
    const { source, stream } = this.#labels;
    if (gap.closedAt === undefined) this.#metrics.gaps.inc({ source, stream, reason: gap.reason });
    return this.#event('', { $case: 'gap', value: gap });
  }

  #event(localId: string, event: NonNullable<PostEvent['event']>): PostEvent {
    const ingestSequence = this.#clock.next();
    return { ...this.#labels, localId, observedAt: new Date(), ingestSequence, event };
  }
}

function toCase(sighting: Sighting): NonNullable<PostEvent['event']> {
  if (sighting.kind === 'deleted') return { $case: 'deleted', value: { reason: 'deleted' } };
  return { $case: sighting.kind, value: { post: toPublicPost(sighting.status) } };
}
