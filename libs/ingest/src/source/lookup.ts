import { text } from '../mastodon/json.ts';
import { ServerApiError, type ServerApi, type Status } from './server-api.ts';

/** The most that Mastodon takes. */
export const MAX_IDS = 20;
/** How servers say that they have no such endpoint. */
const MISSING_ENDPOINT = new Set([400, 404, 405, 422, 501]);

/** Finds posts by id: many at once, or one by one where the server cannot (GoToSocial, older Mastodon). */
export class Lookup {
  readonly #api: ServerApi;
  #batches = true;

  constructor(api: ServerApi) {
    this.#api = api;
  }

  /** Those that are there, by id. At most MAX_IDS. Rejects with ServerApiError. */
  async statuses(ids: readonly string[], signal: AbortSignal): Promise<Map<string, Status>> {
    if (this.#batches) {
      try {
        return byId(await this.#api.statuses(ids, signal));
      } catch (error) {
        if (!(error instanceof ServerApiError) || !MISSING_ENDPOINT.has(error.status)) throw error;
        this.#batches = false;
      }
    }
    const found: Status[] = [];
    for (const id of ids) {
      const status = await this.#api.status(id, signal);
      if (status !== undefined) found.push(status);
    }
    return byId(found);
  }
}

function byId(statuses: readonly Status[]): Map<string, Status> {
  return new Map(statuses.map((status) => [text(status, 'id'), status]));
}
