import { judgeEnd, judgeInstance, tokenRefused, type Capability, type Finding, type Subject } from './capability.ts';
import { ServerApiError, type ServerApi } from './server-api.ts';
import type { ConnectionEnd } from './connection.ts';
import { namedBase } from './streaming-url.ts';

const HOUR_MS = 3_600_000;
/** So many deletions, over so long, without one post: no busy stream looks like that. */
const DELETES = [
  { count: 20, ms: 60_000 },
  { count: 3, ms: 600_000 },
];

/** What a finding rests on; a weaker ground does not overrule a stronger one. */
type Ground = 'nothing' | 'connection' | 'instance' | 'events';

/**
 * What can be had of a source: what its server says of itself at the start and every hour, what its stream answers,
 * and what really comes. A post that came is the best proof of all.
 */
export class CapabilityWatch {
  readonly #api: ServerApi;
  readonly #subject: Subject;
  readonly #onFound: (finding: Finding) => void;
  readonly #now: () => number;
  #ground: Ground = 'nothing';
  #found: Capability = 'unknown';
  #lookedAt = 0;
  #deletes = 0;
  #postless: number | undefined;

  /** `onFound` is called when the finding becomes another. */
  constructor(api: ServerApi, subject: Subject, onFound: (finding: Finding) => void, now = Date.now) {
    this.#api = api;
    this.#subject = subject;
    this.#onFound = onFound;
    this.#now = now;
  }

  /** Asks the server. Returns the base of the streaming URL that it names, if it names one. Rejects with ServerApiError. */
  async look(signal: AbortSignal): Promise<string | undefined> {
    this.#lookedAt = this.#now();
    const instance = await this.#api.instance(signal);
    const finding = judgeInstance(instance, this.#subject);
    if (finding !== undefined && this.#ground !== 'events') this.#find(finding, 'instance');
    return namedBase(instance);
  }

  /** The stream is open. */
  opened(): void {
    this.#deletes = 0;
    this.#postless = undefined;
    if (this.#ground === 'instance' || this.#ground === 'events') return;
    const { source, stream } = this.#subject;
    this.#find({ capability: 'ok', words: `${source} lets ${stream} be read.` }, 'connection');
  }

  ended(end: ConnectionEnd): void {
    const finding = judgeEnd(end, this.#subject);
    if (finding !== undefined) this.#find(finding, 'connection');
  }

  sawPost(): void {
    this.#deletes = 0;
    this.#postless = undefined;
    const { source, stream } = this.#subject;
    if (this.#found !== 'ok')
      this.#find({ capability: 'ok', words: `${source} sends posts of ${stream}.` }, 'connection');
  }

  sawDeletion(now: number): void {
    this.#deletes += 1;
    this.#postless ??= now;
  }

  /** To be called every few seconds while the stream is open. Rejects with ServerApiError. */
  async tend(now: number, signal: AbortSignal): Promise<void> {
    const ms = now - (this.#postless ?? now);
    if (DELETES.some((limit) => this.#deletes >= limit.count && ms >= limit.ms)) this.#findDeletesOnly(ms);
    if (now - this.#lookedAt < HOUR_MS) return;
    await this.look(signal);
    await this.#checkToken(signal);
  }

  /** A token that was withdrawn while the stream lived. That it may not read its own account says nothing. */
  async #checkToken(signal: AbortSignal): Promise<void> {
    if (!this.#subject.hasToken) return;
    try {
      await this.#api.verifyToken(signal);
    } catch (error) {
      if (!(error instanceof ServerApiError) || error.status !== 401) throw error;
      this.#find(tokenRefused(this.#subject), 'connection');
    }
  }

  #findDeletesOnly(ms: number): void {
    const { source, stream } = this.#subject;
    const seen = `${this.#deletes} deletions and no post for ${Math.round(ms / 1000)} s`;
    const words = `${source} brings only deletions over ${stream} (${seen}): its live feed is switched off, or not for this account. Read another server, or set a user's token.`;
    // The server's own word says more than what follows from it.
    const isTold = this.#found === 'deletes_only' || this.#found === 'feeds_disabled';
    if (!isTold) this.#find({ capability: 'deletes_only', words }, 'events');
  }

  #find(finding: Finding, ground: Ground): void {
    this.#ground = ground;
    if (finding.capability === this.#found) return;
    this.#found = finding.capability;
    this.#onFound(finding);
  }
}
