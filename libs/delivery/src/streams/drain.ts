import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { HubError } from '@hub/contracts';
import { DELIVERY_OPTIONS, type DeliveryOptions } from '../delivery.options.ts';

/** Faster than this is no harm to whoever takes the clients over. */
const MS_PER_CLIENT = 2;

/** Sends a client away: tells it where to go on, and closes its connection. */
export type Leave = () => void | Promise<void>;

/**
 * Empties a gateway that stops: its clients are sent away one after another, so that the other gateways are not all
 * asked at once, and are served until it is their turn. Nobody is let in meanwhile.
 */
@Injectable()
export class Drain {
  readonly #clients = new Set<Leave>();
  readonly #overMs: number;
  #draining: Promise<void> | undefined;

  constructor(@Inject(DELIVERY_OPTIONS) { drainMs }: DeliveryOptions) {
    this.#overMs = drainMs;
  }

  /** Throws a HubError of code shutting_down once it has begun. */
  check(): void {
    if (this.#draining !== undefined) {
      throw new HubError('shutting_down', 'This gateway is shutting down: come back, to another one.');
    }
  }

  /** Takes part until the returned function is called. */
  add(leave: Leave): () => void {
    this.#clients.add(leave);
    return () => void this.#clients.delete(leave);
  }

  /** Resolves when all are gone. */
  run(): Promise<void> {
    this.#draining ??= this.#run();
    return this.#draining;
  }

  async #run(): Promise<void> {
    const until = performance.now() + Math.min(this.#overMs, this.#clients.size * MS_PER_CLIENT);
    const leaving: Promise<void>[] = [];
    for (const leave of this.#clients) {
      this.#clients.delete(leave);
      leaving.push(Promise.resolve(leave()));
      const rest = this.#clients.size;
      if (rest > 0) await delay(Math.max(0, until - performance.now()) / rest);
    }
    await Promise.all(leaving);
  }
}
