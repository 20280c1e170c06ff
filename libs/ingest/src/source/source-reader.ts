import { Logger } from '@nestjs/common';
import type { Store } from '@hub/storage';
import { readEvent, readFrame, type Frame } from '../mastodon/frame.ts';
import { time } from '../mastodon/json.ts';
import type { IngestMetrics } from '../metrics.ts';
import type { StreamName } from '../options.ts';
import type { Clock } from '../clock.ts';
import type { EventSender } from '../sending/event-sender.ts';
import { CapabilityWatch } from './capability-watch.ts';
import type { Finding } from './capability.ts';
import { Checkpoint } from './checkpoint.ts';
import { closeHole, HOLE_PACE } from './close-hole.ts';
import type { Connection, ConnectionEnd } from './connection.ts';
import { Deletions, type DeletionsParts } from './deletions.ts';
import { explainEnd, isRefusal, lacksWebSocket, waitAfter } from './explain-end.ts';
import type { OpenGap } from './gap-list.ts';
import { GapRetrier } from './gap-retrier.ts';
import type { Lane } from './lane.ts';
import { QuietWatch } from './quiet-watch.ts';
import { ServerApiError, type ServerApi } from './server-api.ts';
import { SourceRecord, type SourceStatus } from './source-record.ts';
import { SocketConnection } from './socket-connection.ts';
import { SseConnection } from './sse-connection.ts';
import type { ServerSentEvent } from './sse-parser.ts';
import { eventsUrl, streamingUrl } from './streaming-url.ts';
import { verify } from './verify.ts';

/** A connection that lived so long was a good one: the next attempt starts without a back-off. */
const STABLE_MS = 10_000;
const IDLE_MS = 60_000;
const TEND_MS = 5000;
/** What a connection that fails tells by itself is not told twice. */
const TOLD = new Set<string>(['feeds_disabled', 'deletes_only']);
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
  store: Pick<Store, 'checkpoints' | 'observed' | 'named'>;
  peers: Pick<DeletionsParts, 'peer' | 'hasPeers'>;
  metrics: IngestMetrics;
  clock: Clock;
}

/** Reads one stream of one server, for as long as it is let: connects, follows, makes up for what it missed. */
export class SourceReader {
  readonly #logger = new Logger('Ingest');
  readonly #parts: SourceParts;
  readonly #labels: { source: string; stream: string };
  readonly #clock: Clock;
  readonly #checkpoint: Checkpoint;
  readonly #gaps: GapRetrier;
  readonly #deletions: Deletions;
  readonly #record: SourceRecord;
  readonly #capability: CapabilityWatch;
  readonly #liveIds = new Set<string>();
  #stopping = new AbortController().signal;
  #quiet: QuietWatch;
  /** Where the server says that it streams; asked anew when nobody is there. */
  #named: string | undefined;

  constructor(parts: SourceParts) {
    this.#parts = parts;
    this.#clock = parts.clock;
    this.#labels = { source: parts.server.host, stream: parts.stream };
    const name = `ingest/${this.#labels.source}/${parts.stream}`;
    this.#checkpoint = new Checkpoint(parts.store.checkpoints, name);
    this.#deletions = new Deletions({ ...parts, ...parts.peers, source: this.#labels.source });
    this.#gaps = new GapRetrier({ ...parts, source: this.#labels.source, checkpoints: parts.store.checkpoints });
    this.#record = new SourceRecord(this.#labels, parts.metrics, parts.accessToken);
    const subject = { ...this.#labels, stream: parts.stream, hasToken: parts.accessToken !== undefined };
    this.#capability = new CapabilityWatch(parts.api, subject, (finding) => this.#found(finding), this.#clock.now);
    this.#quiet = this.#watchQuiet();
  }

  status(): SourceStatus {
    return this.#record.toStatus();
  }

  /** It is not read any more. */
  forget(): void {
    this.#record.forget();
    this.#gaps.forget();
  }

  /** Saves how far was read; what the producer acknowledged after the stop counts too. */
  save(): Promise<void> {
    return this.#checkpoint.save();
  }

  /** Runs until aborted. Rejects if the store cannot be read. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all([this.#checkpoint.load(), this.#gaps.load()]);
    const over = new AbortController();
    const stop = AbortSignal.any([signal, over.signal]);
    this.#stopping = stop;
    const working = [this.#read(stop), this.#gaps.run(stop)];
    try {
      await Promise.all(working);
    } finally {
      over.abort();
      await Promise.allSettled(working);
    }
    this.#record.enter('stopped');
  }

  async #read(signal: AbortSignal): Promise<void> {
    for (let attempt = 0; !signal.aborted;) {
      const begun = this.#clock.now();
      const end = await this.#connect(signal);
      if (signal.aborted) break;
      attempt = this.#clock.now() - begun > STABLE_MS ? 0 : attempt + 1;
      const wait = waitAfter(end, attempt);
      this.#report(end, attempt, wait);
      await this.#clock.pause(wait, signal);
    }
  }

  /** One connection, from the attempt to its end: over a WebSocket, or where there is none as server-sent events. */
  async #connect(signal: AbortSignal): Promise<ConnectionEnd> {
    const { server, stream, headers, metrics } = this.#parts;
    this.#record.enter('connecting');
    await this.#prepare(signal);
    const options = { url: streamingUrl(server, this.#named, stream), headers, idleMs: IDLE_MS, clock: this.#clock };
    const onMessage = (message: string) => this.#receive(readFrame(message), socket);
    const socket = new SocketConnection({ ...options, onMessage });
    let end = await this.#live(socket, signal);
    if (lacksWebSocket(end) && !signal.aborted) {
      const onEvent = ({ event, data }: ServerSentEvent) => this.#receive(readEvent(event, data), events);
      const events = new SseConnection({ ...options, url: eventsUrl(options.url), onEvent });
      end = await this.#live(events, signal);
    }
    this.#capability.ended(end);
    metrics.connections.inc({ ...this.#labels, outcome: end.cause });
    return end;
  }

  async #live(connection: Connection, signal: AbortSignal): Promise<ConnectionEnd> {
    const stop = () => connection.close({ cause: 'closed', detail: 'the reader stops' });
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    if (await connection.opened) await this.#follow(connection);
    else this.#named = undefined;
    signal.removeEventListener('abort', stop);
    return connection.ended;
  }

  /** Learns what the server says of itself, and at the very first start the place to read from. */
  async #prepare(signal: AbortSignal): Promise<void> {
    const { api, stream } = this.#parts;
    const look = async () => {
      this.#named ??= await this.#capability.look(signal);
    };
    const begin = async () => {
      if (this.#checkpoint.at !== undefined) return;
      // An empty timeline: whatever comes is new. Ids are compared as numbers or as text: "0" is before all.
      this.#checkpoint.begin((await api.newestId(stream, signal)) ?? '0', this.#clock.now());
      await this.#checkpoint.save();
    };
    // At once: a server that does not answer costs each its patience.
    await Promise.all([this.#unlessRefused(look), this.#unlessRefused(begin)]);
  }

  /** What can be done without the server's answer goes on without it. */
  async #unlessRefused(ask: () => Promise<void>): Promise<void> {
    try {
      await ask();
    } catch (error) {
      if (!(error instanceof ServerApiError)) throw error;
      this.#logger.debug(`${this.#labels.source} does not answer as it should: ${error.message}`);
    }
  }

  /** While the connection lives. */
  async #follow(connection: Connection): Promise<void> {
    const { source, stream } = this.#labels;
    const over = new AbortController();
    void connection.ended.then(() => over.abort());
    const liveSince = this.#clock.now();
    const known = this.#checkpoint.at !== undefined;
    this.#logger.log(`Connected to ${source}: reading the stream ${stream}.`);
    this.#capability.opened();
    this.#quiet = this.#watchQuiet();
    const stopTending = this.#clock.every(TEND_MS, () => void this.#tend(connection, over.signal));
    try {
      this.#record.enter('backfilling');
      if (known) await this.#closeHole(liveSince, over.signal);
      this.#liveIds.clear();
      if (!over.signal.aborted) this.#record.enter('live');
      if (known) await this.#verify(liveSince, over.signal);
    } catch (error) {
      this.#logger.warn(`${source} ${stream}: looking for what was missed failed: ${String(error)}`);
    }
    await connection.ended;
    stopTending();
    this.#liveIds.clear();
  }

  #closeHole(liveSince: number, signal: AbortSignal): Promise<void> {
    const about = { ...this.#parts, ...HOLE_PACE, source: this.#labels.source, liveSince };
    const tryLater = (gap: OpenGap) => this.#gaps.add(gap);
    return closeHole({ ...about, checkpoint: this.#checkpoint, end: { live: this.#liveIds }, tryLater }, signal);
  }

  #verify(since: number, signal: AbortSignal): Promise<void> {
    const { store: index } = this.#parts;
    return verify({ ...this.#parts, index, source: this.#labels.source, deletions: this.#deletions, since }, signal);
  }

  #receive(frame: Frame, connection: Connection): void {
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

  #take(frame: Extract<Frame, { id: string }>, connection: Connection): void {
    const { lane, sender, metrics } = this.#parts;
    const { id } = frame;
    const readAt = this.#clock.now();
    this.#record.saw(frame.kind);
    if (frame.kind === 'deleted') {
      this.#capability.sawDeletion(readAt);
      this.#deletions.take(id, 'live', this.#stopping);
      return;
    }
    this.#capability.sawPost();
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
  #holdBack(connection: Connection): void {
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
  async #tend(connection: Connection, signal: AbortSignal): Promise<void> {
    if (this.#parts.lane.idle) this.#checkpoint.touch(this.#quiet.provenAt);
    try {
      await this.#capability.tend(this.#clock.now(), signal);
      if (!(await this.#quiet.isDead())) return;
      connection.close({ cause: 'silent', detail: 'its timeline has posts that the stream does not bring' });
    } catch (error) {
      this.#logger.debug(`${this.#labels.source} does not tell how it is: ${String(error)}`);
    }
  }

  #found(finding: Finding): void {
    this.#record.found(finding);
    if (TOLD.has(finding.capability)) this.#logger.warn(finding.words);
  }

  #watchQuiet(): QuietWatch {
    const { api, stream } = this.#parts;
    return new QuietWatch(() => api.newestId(stream, this.#stopping), this.#clock);
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
