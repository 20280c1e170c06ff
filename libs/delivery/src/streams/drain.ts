import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { HubError } from '@hub/contracts';
import { DELIVERY_OPTIONS, type DeliveryOptions } from '../delivery.options.ts';

/** Faster than this is no harm to whoever takes the clients over. */
const MS_PER_CLIENT = 2;
/** Timers are no finer. */
const TICK_MS = 5;

/** A client that can be sent away. */
export interface Drained {
  /** Tells it where to go on, and closes its connection. */
  shutDown(): void | Promise<void>;
}

/**
 * Empties a gateway that stops: its clients are sent away one after another, so that the other gateways are not all
 * asked at once, and are served until it is their turn. Nobody is let in meanwhile.
 */
@Injectable()
export class Drain {
  readonly #clients = new Set<Drained>();
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

  /** Takes part until it is deleted. Who slipped in while it runs is sent away at once. */
  add(client: Drained): void {
    if (this.#draining !== undefined) queueMicrotask(() => void client.shutDown());
    else this.#clients.add(client);
  }

  /** It has left by itself. */
  delete(client: Drained): void {
    this.#clients.delete(client);
  }

  /** Resolves when all are gone. */
  run(): Promise<void> {
    this.#draining ??= this.#run();
    return this.#draining;
  }

  async #run(): Promise<void> {
    const started = performance.now();
    const pace = Math.min(MS_PER_CLIENT, this.#overMs / Math.max(1, this.#clients.size));
    const leaving: Promise<void>[] = [];
    for (const client of this.#clients) {
      const early = started + leaving.length * pace - performance.now();
      if (early >= TICK_MS) await delay(early);
      this.#clients.delete(client);
      leaving.push(Promise.resolve(client.shutDown()));
    }
    await Promise.all(leaving);
  }
}
