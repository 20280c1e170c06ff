import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { STORE, type Store } from '@hub/storage';
import { IngestMetrics } from './metrics.ts';
import { DEFAULTS, INGEST_OPTIONS, type IngestOptions, type SourceOptions } from './options.ts';
import { EventSender } from './sending/event-sender.ts';
import type { SourceStatus } from './source/source-record.ts';
import { SourceSet } from './sources/source-set.ts';

/** Reads all sources while the app lives. */
@Injectable()
export class IngestService implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #logger = new Logger('Ingest');
  readonly #options: IngestOptions & typeof DEFAULTS;
  readonly #sender: EventSender;
  readonly #sources: SourceSet;
  readonly #sending = new AbortController();
  #sent: Promise<void> = Promise.resolve();

  constructor(
    @Inject(INGEST_OPTIONS) options: IngestOptions,
    @Inject(STORE) store: Pick<Store, 'checkpoints' | 'observed' | 'named'>,
    metrics: IngestMetrics,
  ) {
    this.#options = { ...DEFAULTS, ...options };
    const { producerAddress, queueBytes, consent, excluded, clock } = this.#options;
    this.#sender = new EventSender(producerAddress, queueBytes, metrics);
    this.#sources = new SourceSet({ sender: this.#sender, store, metrics, policy: { consent, excluded }, clock });
  }

  async onApplicationBootstrap(): Promise<void> {
    this.#sent = this.#sender.run(this.#sending.signal);
    await this.#sources.set(this.#options.sources);
  }

  sources(): SourceStatus[] {
    return this.#sources.statuses();
  }

  /** Reads these sources from now on, and no others; what stays the same is not interrupted. */
  setSources(sources: readonly SourceOptions[]): Promise<void> {
    return this.#sources.set(sources);
  }

  /** Stops reading, sends what was read, saves how far that was. What is not sent is read again after the start. */
  async onModuleDestroy(): Promise<void> {
    await this.#sources.stop();
    const left = await this.#sender.drain(this.#options.drainMs);
    if (left > 0) this.#logger.warn(`${left} events could not be sent in time; they are read again after the start.`);
    await this.#sources.save();
    this.#sending.abort();
    await this.#sent;
    this.#sender.close();
  }
}
