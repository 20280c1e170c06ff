import type { PostEvent, StreamGap } from '@hub/contracts/proto';
import type { EventSender } from '../sending/event-sender.ts';
import type { EventMapper, Origin, Sighting } from './event-mapper.ts';

/** A source's way to the producer: maps, applies the policy, sends, and knows what is not acknowledged yet. */
export class Lane {
  readonly #mapper: EventMapper;
  readonly #sender: EventSender;
  #open = 0;

  constructor(mapper: EventMapper, sender: EventSender) {
    this.#mapper = mapper;
    this.#sender = sender;
  }

  /** Nothing of this source waits to be acknowledged. */
  get idle(): boolean {
    return this.#open === 0;
  }

  /** Takes its place in the order at once; resolves when it is acknowledged, or is not to be sent. Never rejects. */
  async emit(sighting: Sighting, origin: Origin): Promise<void> {
    let sent: Promise<void> | undefined;
    try {
      const event = this.#mapper.toEvent(sighting, origin);
      sent = event && this.#send(event);
    } catch (error) {
      // Whatever a server may send: one post that cannot be encoded must not stop the others.
      this.#mapper.countUnusable(sighting, error);
    }
    await sent;
  }

  async emitGap(gap: StreamGap): Promise<void> {
    await this.#send(this.#mapper.toGap(gap));
  }

  /** Throws at once what encoding throws. */
  #send(event: PostEvent): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#sender.send(event, () => {
      this.#open -= 1;
      resolve();
    });
    this.#open += 1;
    return promise;
  }
}
