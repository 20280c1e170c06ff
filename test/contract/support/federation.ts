import type { GroundTruth, TruthEvent, TruthEvents } from '@hub/simulator';
import { getJson } from '../../e2e/support/apps.ts';

/**
 * Takes what happens at one simulated server to another, as federation does: the other shows the same posts, by their
 * URIs, under ids of its own. Plain posts alone.
 */
export class Federation {
  readonly #home: string;
  readonly #other: string;
  #seen = 0;
  /** Ids at home → ids at the other. */
  readonly #ids = new Map<string, string>();

  constructor(home: string, other: string) {
    this.#home = home;
    this.#other = other;
  }

  /** What the other server calls a post. */
  idOf(id: string): string | undefined {
    return this.#ids.get(id);
  }

  /** Takes over all that happened since. */
  async run(): Promise<void> {
    const { events } = await getJson<TruthEvents>(`${this.#home}/simulator/events?after=${this.#seen}`);
    const { posts } = await getJson<GroundTruth>(`${this.#home}/simulator/truth?full=1`);
    const statuses = new Map(posts.map(({ id, status }) => [id, status]));
    for (const { sequence, event, id } of events) {
      this.#seen = sequence;
      const other = this.#ids.get(id);
      const status = statuses.get(id);
      if (event === 'delete') {
        if (other !== undefined) await this.#emit('delete', { id: other });
      } else if (status !== undefined) {
        const { uri, url, content, created_at, edited_at, account } = status;
        const said = { uri, url, content, account: { ...account, acct: `${account.username}@${new URL(uri).host}` } };
        if (other === undefined) await this.#create(id, { ...said, created_at });
        else if (event === 'status.update') await this.#emit('edit', { ...said, id: other, edited_at });
      }
    }
  }

  async #create(id: string, status: object): Promise<void> {
    const [made] = await this.#emit('post', { visibility: 'public', ...status });
    if (made !== undefined) this.#ids.set(id, made.id);
  }

  async #emit(kind: string, status: object): Promise<TruthEvent[]> {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ kind, status });
    const response = await fetch(`${this.#other}/simulator/emit`, { method: 'POST', headers, body });
    if (!response.ok) throw new Error(`a simulator answers ${response.status}`);
    return (await response.json()) as TruthEvent[];
  }
}
