import { Inject, Injectable } from '@nestjs/common';
import { gate } from '@hub/policy';
import {
  decodeEvent,
  encodeEvent,
  hostOf,
  IngestClock,
  InvalidEventError,
  PublicPost,
  type Envelope,
  type PostEvent,
  type PubSubGenericMessage,
} from '@hub/contracts/proto';
import { PublishingMetrics } from './metrics.ts';
import { PUBLISHING_OPTIONS, type PublishingOptions } from './options.ts';

/** Turns what clients send into what goes on the log, and keeps out what may not be shown. */
@Injectable()
export class Intake {
  readonly #clock = new IngestClock();
  readonly #options: PublishingOptions;
  readonly #metrics: PublishingMetrics;

  constructor(@Inject(PUBLISHING_OPTIONS) options: PublishingOptions, metrics: PublishingMetrics) {
    this.#options = options;
    this.#metrics = metrics;
  }

  /** An opaque message, an event or a bare post. Undefined: refused by the policy, and thereby dealt with. */
  fromMessage({ key, value, attributes }: PubSubGenericMessage): Envelope | undefined {
    const envelope: Envelope = { key: Buffer.from(key).toString('utf8'), value, headers: attributes };
    const event = this.#read(() => decodeEvent(envelope, this.#clock.next()));
    // What cannot be read goes on as it is: the processor makes a dead letter of it, with the reason.
    if (event === undefined) return envelope;
    const isEvent = attributes['ce_type'] !== undefined;
    return this.#pass(event, isEvent ? envelope : undefined);
  }

  /** A post of the original system's PublishPost: created, at the server that its URI names. */
  fromPost(post: PublicPost): Envelope | undefined {
    const event = this.#read(() => this.#created(post));
    if (event === undefined) return { key: post.id, value: PublicPost.encode(post).finish(), headers: {} };
    return this.#pass(event, undefined);
  }

  #created(post: PublicPost): PostEvent {
    if (post.id === '') throw new InvalidEventError('the post has no id');
    return {
      source: hostOf(post.uri),
      localId: post.id,
      observedAt: new Date(),
      ingestSequence: this.#clock.next(),
      stream: '',
      event: { $case: 'created', value: { post } },
    };
  }

  #read(read: () => PostEvent): PostEvent | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof InvalidEventError)) throw error;
      this.#metrics.unreadable.inc();
      return undefined;
    }
  }

  /** `received`: the bytes that the event was read from; they go on untouched if the policy changes nothing. */
  #pass(event: PostEvent, received: Envelope | undefined): Envelope | undefined {
    const result = gate(event, this.#options.consent, this.#options.excluded);
    if (!result.pass) {
      this.#metrics.refused.inc({ reason: result.reason });
      return undefined;
    }
    if (received !== undefined && result.event === event)
      return { ...received, key: `${event.source}/${event.localId}` };
    return encodeEvent({ ...result.event, observedAt: result.event.observedAt ?? new Date() });
  }
}
