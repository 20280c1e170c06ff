import { createRestAPIClient, MastoHttpError, type mastodon } from 'masto';
import type { IngestMetrics } from '../metrics.ts';
import type { StreamName } from '../options.ts';
import { backoff } from '../backoff.ts';
import { SYSTEM_CLOCK, type Clock } from '../clock.ts';
import { isObject, text, type JsonObject } from '../mastodon/json.ts';
import { RateBudget } from './rate-budget.ts';

/** The server did not give what was asked. `status` 0: it did not answer, or not in JSON. */
export class ServerApiError extends Error {
  readonly status: number;

  constructor(status: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ServerApiError';
    this.status = status;
  }
}

/** Whether the server will say the same again. */
export function isRefusal({ status }: ServerApiError): boolean {
  return status >= 400 && status < 500 && status !== 429;
}

const TIMEOUT_MS = 20_000;
const MAX_ATTEMPTS = 5;
const RETRY = { base: 500, cap: 15_000 };
/**
 * Of the requests that the server allows, how many are left alone, and how often one that failed is made again. A
 * probe must not hold up what can go on without its answer.
 */
const URGENCIES = {
  probe: { reserve: 0, attempts: 1 },
  urgent: { reserve: 5, attempts: MAX_ATTEMPTS },
  background: { reserve: 100, attempts: MAX_ATTEMPTS },
};

/** A Status with an id, as masto.js reads it; nothing else about it is certain. */
export type Status = JsonObject;

export type Urgency = keyof typeof URGENCIES;
interface Answer<T> {
  headers: Headers;
  data: T;
}

/** The REST API of one server, within its rate limits. Shared by all streams that are read from it. */
export class ServerApi {
  readonly #client: mastodon.rest.Client;
  readonly #clock: Clock;
  readonly #budget: RateBudget;
  readonly #source: string;
  readonly #metrics: IngestMetrics;

  constructor(server: URL, headers: Record<string, string>, metrics: IngestMetrics, clock = SYSTEM_CLOCK) {
    this.#client = createRestAPIClient({ url: server.href, requestInit: { headers }, timeout: TIMEOUT_MS });
    this.#clock = clock;
    this.#budget = new RateBudget(clock);
    this.#source = server.host;
    this.#metrics = metrics;
  }

  get host(): string {
    return this.#source;
  }

  /** The instance document: version 2, or 1 where there is no 2. Asked once. */
  async instance(signal: AbortSignal): Promise<JsonObject> {
    try {
      const { data } = await this.#ask('probe', signal, (meta) => this.#client.v2.instance.fetch.$raw(undefined, meta));
      return toObject(data);
    } catch (error) {
      if (!(error instanceof ServerApiError) || error.status === 0) throw error;
      const { data } = await this.#ask('probe', signal, (meta) => this.#client.v1.instance.fetch.$raw(undefined, meta));
      return toObject(data);
    }
  }

  /** Rejects with ServerApiError: 401 if the token is not valid, 403 if it may not see its own account. */
  async verifyToken(signal: AbortSignal): Promise<void> {
    const { accounts } = this.#client.v1;
    await this.#ask('probe', signal, (meta) => accounts.verifyCredentials.$raw(undefined, meta));
  }

  /** Posts of a stream's timeline that are newer than `minId`, nearest first; without it the newest. Oldest first. */
  timeline(
    stream: StreamName,
    minId: string | undefined,
    limit: number,
    signal: AbortSignal,
    urgency: Urgency = 'urgent',
  ): Promise<Status[]> {
    return this.#page(stream, { limit, ...(minId !== undefined && { minId }) }, urgency, signal);
  }

  /** The id of the newest post of a stream's timeline; asked once. */
  async newestId(stream: StreamName, signal: AbortSignal): Promise<string | undefined> {
    const [newest] = await this.#page(stream, { limit: 1 }, 'probe', signal);
    return newest && text(newest, 'id');
  }

  /** Those of the given posts that are there (and may be seen). At most 20 ids. */
  async statuses(ids: readonly string[], signal: AbortSignal): Promise<Status[]> {
    const statuses = this.#client.v1.statuses;
    const { data } = await this.#ask('background', signal, (meta) => statuses.fetch.$raw({ id: ids }, meta));
    return listed(data);
  }

  /** Undefined: it is not there (404, 410). */
  async status(id: string, signal: AbortSignal): Promise<Status | undefined> {
    try {
      const resource = this.#client.v1.statuses.$select(id);
      const { data } = await this.#ask('background', signal, (meta) => resource.fetch.$raw(undefined, meta));
      return listed([data])[0];
    } catch (error) {
      if (error instanceof ServerApiError && (error.status === 404 || error.status === 410)) return undefined;
      throw error;
    }
  }

  async #page(stream: StreamName, page: Page, urgency: Urgency, signal: AbortSignal): Promise<Status[]> {
    const params = { ...page, ...timelineScope(stream) };
    const timelines = this.#client.v1.timelines;
    const resource = stream.startsWith('hashtag:') ? timelines.tag.$select(hashtag(stream)) : timelines.public;
    const { data } = await this.#ask(urgency, signal, async (meta) => resource.list.$raw(params, meta));
    return listed(data).toReversed();
  }

  async #ask<T>(
    urgency: Urgency,
    signal: AbortSignal,
    request: (meta: Meta) => Promise<Answer<T>>,
  ): Promise<Answer<T>> {
    const { reserve, attempts } = URGENCIES[urgency];
    if (urgency === 'probe' && this.#budget.delay(reserve) > 0)
      throw new ServerApiError(429, 'The rate limit is used up.');
    for (let attempt = 1; ; attempt += 1) {
      await this.#budget.take(reserve, signal);
      try {
        const answer = await request({ requestInit: { signal } });
        this.#budget.learn(answer.headers);
        this.#metrics.requests.inc({ source: this.#source, outcome: 'ok' });
        return answer;
      } catch (error) {
        const failure = this.#learnFromFailure(error);
        if (signal.aborted || attempt >= attempts || !isTransient(failure.status)) throw failure;
        await this.#clock.pause(backoff(attempt, RETRY), signal);
      }
    }
  }

  #learnFromFailure(error: unknown): ServerApiError {
    const status = error instanceof MastoHttpError ? error.statusCode : 0;
    const headers =
      error instanceof MastoHttpError && error.cause instanceof Response ? error.cause.headers : undefined;
    if (headers !== undefined) this.#budget.learn(headers);
    if (status === 429) this.#budget.block(headers);
    this.#metrics.requests.inc({ source: this.#source, outcome: status === 0 ? 'failed' : String(status) });
    return new ServerApiError(status, error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** Spread, because only its fields matter, not which class they are typed as. */
function toObject(data: object): JsonObject {
  return { ...data };
}

/** What a server answered instead of a list is its own affair: masto.js does not look. */
function listed(data: unknown): Status[] {
  if (Array.isArray(data)) return data.filter((item) => isObject(item) && text(item, 'id') !== '');
  throw new ServerApiError(0, 'The server answered with something else than a list of posts.');
}

interface Page {
  limit: number;
  minId?: string;
}

interface Meta {
  requestInit: { signal: AbortSignal };
}

function isTransient(status: number): boolean {
  return status === 0 || status === 429 || status >= 500;
}

function timelineScope(stream: StreamName): { local?: true; remote?: true } {
  if (stream === 'public:local') return { local: true };
  return stream === 'public:remote' ? { remote: true } : {};
}

function hashtag(stream: StreamName): string {
  return encodeURIComponent(stream.slice('hashtag:'.length));
}
