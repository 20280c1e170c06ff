import { Logger } from '@nestjs/common';
import type { Store } from '@hub/storage';
import { readFrame, type Frame } from '../mastodon/frame.ts';
import { time } from '../mastodon/json.ts';
import type { IngestMetrics } from '../metrics.ts';
import type { StreamName } from '../options.ts';
import { pause } from '../pause.ts';
import type { EventSender } from '../sending/event-sender.ts';
import { Checkpoint } from './checkpoint.ts';
import { closeHole } from './close-hole.ts';
import { explainEnd, isRefusal, waitAfter } from './explain-end.ts';
import type { Lane } from './lane.ts';
import { QuietWatch } from './quiet-watch.ts';
import { ServerApiError, type ServerApi } from './server-api.ts';
import { SourceRecord, type SourceStatus } from './source-record.ts';
import { StreamConnection, type ConnectionEnd } from './stream-connection.ts';
import { streamingUrl } from './streaming-url.ts';
import { verify } from './verify.ts';

/** A connection that lived so long was a good one: the next attempt starts without a back-off. */
const STABLE_MS = 10_000;
const IDLE_MS = 60_000;
const TEND_MS = 5000;
const SETTLE_MS = 1000;
/** Ids that came live, remembered while a hole is being closed. */
const MAX_LIVE_IDS = 10_000;

export interface SourceParts {
  server: URL;
  stream: StreamName;
  /** Of every request, the token included. */
  headers: Record<string, string>;
  accessToken: string | undefined;
  api: ServerApi;
  lane: Lane;
  sender: EventSender;
  store: Pick<Store, 'checkpoints' | 'observed'>;
  metrics: IngestMetrics;
}

/** Reads one stream of one server, for as long as it is let: connects, follows, makes up for what it missed. */
export class SourceReader {
  readonly #logger = new Logger('Ingest');
  readonly #parts: SourceParts;
  readonly #labels: { source: string; stream: string };
  readonly #checkpoint: Checkpoint;
  readonly #record: SourceRecord;
  readonly #liveIds = new Set<string>();
  #quiet: QuietWatch;
  /** Where the server says that it streams; asked anew when nobody is there. */
  #named: string | undefined;

  constructor(parts: SourceParts) {
    this.#parts = parts;
    this.#labels = { source: parts.server.host, stream: parts.stream };
    const name = `ingest/${this.#labels.source}/${parts.stream}`;
    this.#checkpoint = new Checkpoint(parts.store.checkpoints, name);
    this.#record = new SourceRecord(this.#labels, parts.metrics, parts.accessToken);
    this.#quiet = this.#watchQuiet();
  }

  status(): SourceStatus {
    return this.#record.toStatus();
  }

  /** It is not read any more. */
  forget(): void {
    this.#record.forget();
  }

  /** Saves how far was read; what the producer acknowledged after the stop counts too. */
  save(): Promise<void> {
    return this.#checkpoint.save();
  }

  /** Runs until aborted. Rejects if the store cannot be read. */
  async run(signal: AbortSignal): Promise<void> {
    await this.#checkpoint.load();
    for (let attempt = 0; !signal.aborted;) {
      const begun = Date.now();
      const end = await this.#connect(signal);
      if (signal.aborted) break;
      attempt = Date.now() - begun > STABLE_MS ? 0 : attempt + 1;
      const wait = waitAfter(end, attempt);
      this.#report(end, attempt, wait);
      await pause(wait, signal);
    }
    this.#record.enter('stopped');
  }

  /** One connection, from the attempt to its end. */
  async #connect(signal: AbortSignal): Promise<ConnectionEnd> {
    const { server, stream, headers } = this.#parts;
    this.#record.enter('connecting');
    await this.#prepare(signal);
    const url = streamingUrl(server, this.#named, stream);
    const onMessage = (message: string) => this.#read(readFrame(message), connection);
    const connection = new StreamConnection({ url, headers, idleMs: IDLE_MS, onMessage });
    const stop = () => connection.close({ cause: 'closed', detail: 'the reader stops' });
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    if (await connection.opened) await this.#follow(connection);
    else this.#named = undefined;
    const end = await connection.ended;
    signal.removeEventListener('abort', stop);
    this.#parts.metrics.connections.inc({ ...this.#labels, outcome: end.cause });
    return end;
  }

  /** Learns the streaming address that the server names, and at the very first start the place to read from. */
  async #prepare(signal: AbortSignal): Promise<void> {
    const { api, stream } = this.#parts;
    try {
      if (this.#checkpoint.at === undefined) {
        // An empty timeline: whatever comes is new. Ids are compared as numbers or as text: "0" is before all.
        this.#checkpoint.begin((await api.newestId(stream, signal)) ?? '0', Date.now());
        await this.#checkpoint.save();
      }
      this.#named ??= await api.streamingBase(signal);
    } catch (error) {
      if (!(error instanceof ServerApiError)) throw error;
      this.#logger.debug(`${this.#labels.source} does not answer as it should: ${error.message}`);
    }
  }

  /** While the connection lives. */
  async #follow(connection: StreamConnection): Promise<void> {
    const { api, stream, lane, store } = this.#parts;
    const { source } = this.#labels;
    const over = new AbortController();
    void connection.ended.then(() => over.abort());
    const liveSince = Date.now();
    const known = this.#checkpoint.at !== undefined;
    this.#logger.log(`Connected to ${source}: reading the stream ${stream}.`);
    this.#quiet = this.#watchQuiet();
    const timer = setInterval(() => void this.#tend(connection), TEND_MS);
    try {
      this.#record.enter('backfilling');
      const about = { api, stream, lane, source, liveSince, settleMs: SETTLE_MS };
      const hole = { ...about, checkpoint: this.#checkpoint, live: this.#liveIds };
      if (known) await closeHole(hole, over.signal);
      this.#liveIds.clear();
      if (!over.signal.aborted) this.#record.enter('live');
      if (known) await verify({ api, index: store, source, lane, since: liveSince }, over.signal);
    } catch (error) {
      this.#logger.warn(`${source} ${stream}: looking for what was missed failed: ${String(error)}`);
    }
    await connection.ended;
    clearInterval(timer);
    this.#liveIds.clear();
  }

  #read(frame: Frame, connection: StreamConnection): void {
    switch (frame.kind) {
      case 'created':
      case 'edited':
      case 'deleted':
        this.#take(frame, connection);
        break;
      case 'error':
        connection.close({ cause: 'refused', detail: frame.message });
        break;
      case 'other':
      case 'malformed':
        this.#parts.metrics.skipped.inc({ ...this.#labels, reason: frame.kind });
        break;
    }
  }

  #take(frame: Extract<Frame, { id: string }>, connection: StreamConnection): void {
    const { lane, sender, metrics } = this.#parts;
    const { id } = frame;
    const readAt = Date.now();
    this.#record.saw(frame.kind);
    const acknowledged = lane.emit(frame, 'live');
    if (frame.kind === 'created') {
      this.#remember(id);
      this.#quiet.saw(id);
      const created = time(frame.status, 'created_at')?.getTime() ?? readAt;
      metrics.lag.set(this.#labels, Math.max(0, readAt - created) / 1000);
      void acknowledged.then(() => this.#checkpoint.acknowledged(id, readAt));
    }
    if (sender.full) this.#holdBack(connection);
  }

  /** The producer is slower than the server: the socket is read no further until there is room. */
  #holdBack(connection: StreamConnection): void {
    connection.pause();
    void this.#parts.sender.room().then(() => connection.resume());
  }

  #remember(id: string): void {
    if (this.#record.state !== 'backfilling') return;
    this.#liveIds.add(id);
    const [oldest] = this.#liveIds;
    if (this.#liveIds.size > MAX_LIVE_IDS && oldest !== undefined) this.#liveIds.delete(oldest);
  }

  /** Every few seconds of a connection. */
  async #tend(connection: StreamConnection): Promise<void> {
    if (this.#parts.lane.idle) this.#checkpoint.touch(Date.now());
    try {
      if (!(await this.#quiet.isDead())) return;
      connection.close({ cause: 'silent', detail: 'its timeline has posts that the stream does not bring' });
    } catch (error) {
      this.#logger.debug(`${this.#labels.source} does not tell its newest post: ${String(error)}`);
    }
  }

  #watchQuiet(): QuietWatch {
    const { api, stream } = this.#parts;
    const { signal } = new AbortController();
    return new QuietWatch(() => api.newestId(stream, signal));
  }

  #report(end: ConnectionEnd, attempt: number, waitMs: number): void {
    const { source, stream } = this.#labels;
    const refused = isRefusal(end);
    this.#record.enter(refused ? 'refused' : 'waiting');
    const words = this.#record.failed(explainEnd(end, source, stream, this.#parts.accessToken !== undefined));
    const again = `Trying again in ${(waitMs / 1000).toFixed(1)} s.`;
    if (refused) this.#logger.error(`${words} ${again}`);
    else if (attempt <= 1 || attempt % 10 === 0) this.#logger.warn(`${words} ${again}`);
  }
}
