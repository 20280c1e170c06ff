import { Logger } from '@nestjs/common';
import type { SourceIndex } from '@hub/storage';
import type { Clock } from '../clock.ts';
import type { IngestMetrics } from '../metrics.ts';
import type { Origin } from './event-mapper.ts';
import type { Lane } from './lane.ts';
import { Lookup, MAX_IDS } from './lookup.ts';
import type { ServerApi } from './server-api.ts';

/** Those who wait longer count: what is deleted must not be shown because a server does not answer. */
const PATIENCE_MS = 60_000;
const MAX_WAITING = 2000;

export interface DeletionsParts {
  /** Host of the server that tells of the deletions. */
  source: string;
  stream: string;
  lane: Lane;
  store: Pick<SourceIndex, 'named'>;
  /** Another server that is read here, by its host. */
  peer: (host: string) => ServerApi | undefined;
  /** Whether any other server is read here. */
  hasPeers: () => boolean;
  metrics: IngestMetrics;
  clock: Clock;
}

interface Told {
  id: string;
  origin: Origin;
}

/** Another server's name for a post that was told as deleted. */
interface Question {
  told: Told;
  api: ServerApi;
  localId: string;
}

/**
 * Which deletions count. That of the server where the post was written does, at once; so does that of a server which
 * is the only one known to show it. Where others that are read here show it too, a deletion may be no more than the
 * will of the server that tells it: they are asked, the post's own server before all, and if one still has it the
 * deletion does not count. In doubt it does.
 */
export class Deletions {
  readonly #logger = new Logger('Ingest');
  readonly #parts: DeletionsParts;
  readonly #lookups = new Map<ServerApi, Lookup>();
  #waiting: Told[] = [];
  #working = false;

  constructor(parts: DeletionsParts) {
    this.#parts = parts;
  }

  /** What waits for an answer when the signal is aborted counts. */
  take(id: string, origin: Origin, signal: AbortSignal): void {
    const told = { id, origin };
    if (!this.#parts.hasPeers() || this.#waiting.length >= MAX_WAITING) return this.#count(told);
    this.#waiting.push(told);
    if (!this.#working) void this.#work(signal);
  }

  async #work(signal: AbortSignal): Promise<void> {
    this.#working = true;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, MAX_IDS);
      const kept = signal.aborted ? new Set<Told>() : await this.#keptInTime(batch, signal);
      for (const told of batch) if (!kept.has(told)) this.#count(told);
      if (kept.size > 0) this.#withhold(kept);
    }
    this.#working = false;
  }

  #count({ id, origin }: Told): void {
    void this.#parts.lane.emit({ kind: 'deleted', id }, origin);
  }

  #withhold(kept: ReadonlySet<Told>): void {
    const { source, stream, metrics } = this.#parts;
    metrics.withheld.inc({ source, stream }, kept.size);
    const ids = [...kept].map(({ id }) => id).join(', ');
    this.#logger.debug(`${source} has removed ${ids}, but the post's own server, or another, still shows it.`);
  }

  /** Never rejects. */
  async #keptInTime(batch: readonly Told[], signal: AbortSignal): Promise<ReadonlySet<Told>> {
    const over = new AbortController();
    const stop = AbortSignal.any([signal, over.signal]);
    const late = this.#parts.clock.pause(PATIENCE_MS, stop).then(() => new Set<Told>());
    try {
      return await Promise.race([this.#kept(batch, stop), late]);
    } catch (error) {
      this.#logger.warn(`${this.#parts.source}: deletions count without having been looked at: ${String(error)}`);
      return new Set();
    } finally {
      over.abort();
    }
  }

  /** Those whose post another server still shows. */
  async #kept(batch: readonly Told[], signal: AbortSignal): Promise<ReadonlySet<Told>> {
    const questions = (await Promise.all(batch.map((told) => this.#questions(told)))).flat();
    const kept = new Set<Told>();
    for (const [api, asked] of Map.groupBy(questions, ({ api }) => api)) {
      const found = await this.#ask(api, asked, signal);
      for (const { told, localId } of asked) if (found.has(localId)) kept.add(told);
    }
    return kept;
  }

  async #questions(told: Told): Promise<Question[]> {
    const { source, store, peer } = this.#parts;
    const post = await store.named(source, told.id);
    const home = post && hostOf(post.uri);
    if (post === undefined || home === source) return [];
    const others = post.names.flatMap(({ source: host, localId }) => {
      const api = host === source ? undefined : peer(host);
      return api === undefined ? [] : [{ told, api, localId, host }];
    });
    const atHome = others.filter(({ host }) => host === home);
    return atHome.length > 0 ? atHome : others;
  }

  /** The ids that the server has; none if it does not answer. */
  async #ask(api: ServerApi, asked: readonly Question[], signal: AbortSignal): Promise<ReadonlySet<string>> {
    const lookup = this.#lookups.get(api) ?? new Lookup(api);
    this.#lookups.set(api, lookup);
    const ids = [...new Set(asked.map(({ localId }) => localId))];
    const found = new Set<string>();
    for (let at = 0; at < ids.length; at += MAX_IDS)
      for (const id of (await lookup.statuses(ids.slice(at, at + MAX_IDS), signal)).keys()) found.add(id);
    return found;
  }
}

function hostOf(uri: string): string | undefined {
  return URL.canParse(uri) ? new URL(uri).host : undefined;
}
