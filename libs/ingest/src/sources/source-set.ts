import { Logger } from '@nestjs/common';
import { IngestClock } from '@hub/contracts/proto';
import type { Store } from '@hub/storage';
import type { Clock } from '../clock.ts';
import type { IngestMetrics } from '../metrics.ts';
import type { SourceOptions } from '../options.ts';
import type { EventSender } from '../sending/event-sender.ts';
import { EventMapper, type Policy } from '../source/event-mapper.ts';
import { Lane } from '../source/lane.ts';
import { ServerApi } from '../source/server-api.ts';
import { SourceReader } from '../source/source-reader.ts';
import type { SourceStatus } from '../source/source-record.ts';

const USER_AGENT = 'mastodon-stream-hub (self-hosted reader of public posts)';
const RESTART_MS = 5000;

interface Running {
  options: SourceOptions;
  api: ServerApi;
  reader: SourceReader;
  stop: AbortController;
  ended: Promise<void>;
}

export interface SourceSetParts {
  sender: EventSender;
  store: Pick<Store, 'checkpoints' | 'observed' | 'named'>;
  metrics: IngestMetrics;
  policy: Policy;
  clock: Clock;
}

/** The sources that are read, each by itself: one that fails or is taken out never touches the others. */
export class SourceSet {
  readonly #logger = new Logger('Ingest');
  readonly #parts: SourceSetParts;
  readonly #clock = new IngestClock();
  /** One for each server and token, so that its streams share its rate limit. */
  readonly #apis = new Map<string, ServerApi>();
  readonly #running = new Map<string, Running>();
  #changing: Promise<void> = Promise.resolve();

  constructor(parts: SourceSetParts) {
    this.#parts = parts;
  }

  statuses(): SourceStatus[] {
    return [...this.#running.values()].map(({ reader }) => reader.status());
  }

  /** Reads these sources from now on, and no others. What stays the same is not interrupted. */
  set(sources: readonly SourceOptions[]): Promise<void> {
    this.#changing = this.#changing.then(() => this.#change(sources));
    return this.#changing;
  }

  /** Stops reading. What was read may still be on its way: `save` comes later. */
  async stop(): Promise<void> {
    await this.#changing;
    for (const { stop } of this.#running.values()) stop.abort();
    await Promise.all([...this.#running.values()].map(({ ended }) => ended));
  }

  async save(): Promise<void> {
    await Promise.all([...this.#running.values()].map(({ reader }) => reader.save()));
  }

  async #change(sources: readonly SourceOptions[]): Promise<void> {
    const wanted = new Map(sources.map((source) => [keyOf(source), source]));
    const gone = [...this.#running].filter(([key, { options }]) => !isSame(wanted.get(key), options));
    await Promise.all(gone.map(([key, running]) => this.#remove(key, running)));
    for (const [key, source] of wanted) if (!this.#running.has(key)) this.#running.set(key, this.#start(source));
  }

  async #remove(key: string, { reader, stop, ended }: Running): Promise<void> {
    stop.abort();
    await ended;
    await reader.save();
    reader.forget();
    this.#running.delete(key);
    this.#logger.log(`${key} is not read any more.`);
  }

  #hosts(): ReadonlySet<string> {
    return new Set([...this.#running.values()].map(({ options }) => new URL(options.server).host));
  }

  #peer(host: string): ServerApi | undefined {
    return [...this.#running.values()].find(({ api }) => api.host === host)?.api;
  }

  #start(options: SourceOptions): Running {
    const api = this.#api(options);
    const reader = this.#reader(options, api);
    const stop = new AbortController();
    return { options, api, reader, stop, ended: this.#supervise(reader, stop.signal) };
  }

  /** A source that fails unexpectedly starts anew and leaves the others alone. */
  async #supervise(reader: SourceReader, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await reader.run(signal);
      } catch (error) {
        this.#logger.error(`A source failed and starts anew: ${error instanceof Error ? error.stack : String(error)}`);
        await this.#parts.clock.pause(RESTART_MS, signal);
      }
    }
  }

  #api({ server, accessToken }: SourceOptions): ServerApi {
    const { metrics, clock } = this.#parts;
    const url = new URL(server);
    const account = `${url.host} ${accessToken ?? ''}`;
    const api = this.#apis.get(account) ?? new ServerApi(url, headersOf(accessToken), metrics, clock);
    this.#apis.set(account, api);
    return api;
  }

  #reader({ server, stream, accessToken }: SourceOptions, api: ServerApi): SourceReader {
    const { policy, ...parts } = this.#parts;
    const url = new URL(server);
    const lane = new Lane(new EventMapper(url.host, stream, this.#clock, policy, parts.metrics), parts.sender);
    const peers = { peer: (host: string) => this.#peer(host), hasPeers: () => this.#hosts().size > 1 };
    const headers = headersOf(accessToken);
    return new SourceReader({ ...parts, server: url, stream, headers, accessToken, api, lane, peers });
  }
}

function headersOf(accessToken: string | undefined): Record<string, string> {
  return { 'User-Agent': USER_AGENT, ...(accessToken !== undefined && { Authorization: `Bearer ${accessToken}` }) };
}

function keyOf({ server, stream }: SourceOptions): string {
  return `${new URL(server).host} ${stream}`;
}

function isSame(a: SourceOptions | undefined, b: SourceOptions): boolean {
  return a?.server === b.server && a.stream === b.stream && a.accessToken === b.accessToken;
}
