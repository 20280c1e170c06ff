import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { IngestClock } from '@hub/contracts/proto';
import { STORE, type Store } from '@hub/storage';
import { IngestMetrics } from './metrics.ts';
import { DEFAULTS, INGEST_OPTIONS, type IngestOptions, type SourceOptions } from './options.ts';
import { pause } from './pause.ts';
import { EventSender } from './sending/event-sender.ts';
import { EventMapper } from './source/event-mapper.ts';
import { Lane } from './source/lane.ts';
import { ServerApi } from './source/server-api.ts';
import { SourceReader } from './source/source-reader.ts';

const USER_AGENT = 'mastodon-stream-hub (self-hosted reader of public posts)';
const RESTART_MS = 5000;

/** Reads all sources while the app lives. */
@Injectable()
export class IngestService implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #logger = new Logger('Ingest');
  readonly #options: Required<IngestOptions>;
  readonly #store: Pick<Store, 'checkpoints' | 'observed'>;
  readonly #metrics: IngestMetrics;
  readonly #sender: EventSender;
  readonly #clock = new IngestClock();
  /** One for each server and token, so that its streams share its rate limit. */
  readonly #apis = new Map<string, ServerApi>();
  readonly #readers: SourceReader[];
  readonly #reading = new AbortController();
  readonly #sending = new AbortController();
  #running: Promise<unknown> = Promise.resolve();
  #sent: Promise<void> = Promise.resolve();

  constructor(
    @Inject(INGEST_OPTIONS) options: IngestOptions,
    @Inject(STORE) store: Pick<Store, 'checkpoints' | 'observed'>,
    metrics: IngestMetrics,
  ) {
    this.#options = { ...DEFAULTS, ...options };
    this.#store = store;
    this.#metrics = metrics;
    this.#sender = new EventSender(options.producerAddress, this.#options.queueBytes, metrics);
    this.#readers = options.sources.map((source) => this.#reader(source));
  }

  onApplicationBootstrap(): void {
    this.#sent = this.#sender.run(this.#sending.signal);
    this.#running = Promise.all(this.#readers.map((reader) => this.#supervise(reader)));
  }

  /** Stops reading, sends what was read, saves how far that was. What is not sent is read again after the start. */
  async onModuleDestroy(): Promise<void> {
    this.#reading.abort();
    await this.#running;
    const left = await this.#sender.drain(this.#options.drainMs);
    if (left > 0) this.#logger.warn(`${left} events could not be sent in time; they are read again after the start.`);
    await Promise.all(this.#readers.map((reader) => reader.save()));
    this.#sending.abort();
    await this.#sent;
    this.#sender.close();
  }

  /** A source that fails unexpectedly starts anew and leaves the others alone. */
  async #supervise(reader: SourceReader): Promise<void> {
    const { signal } = this.#reading;
    while (!signal.aborted) {
      try {
        await reader.run(signal);
      } catch (error) {
        this.#logger.error(`A source failed and starts anew: ${error instanceof Error ? error.stack : String(error)}`);
        await pause(RESTART_MS, signal);
      }
    }
  }

  #reader({ server, stream, accessToken }: SourceOptions): SourceReader {
    const url = new URL(server);
    const headers = {
      'User-Agent': USER_AGENT,
      ...(accessToken !== undefined && { Authorization: `Bearer ${accessToken}` }),
    };
    const account = `${url.host} ${accessToken ?? ''}`;
    const api = this.#apis.get(account) ?? new ServerApi(url, headers, this.#metrics);
    this.#apis.set(account, api);
    const mapper = new EventMapper(url.host, stream, this.#clock, this.#options.consent, this.#metrics);
    return new SourceReader({
      server: url,
      stream,
      headers,
      api,
      lane: new Lane(mapper, this.#sender),
      sender: this.#sender,
      store: this.#store,
      metrics: this.#metrics,
    });
  }
}
