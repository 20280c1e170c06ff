import { readFileSync } from 'node:fs';
import { HubError } from '@hub/contracts';
import type { Status } from '../entities.ts';
import type { Snowflakes } from '../ids.ts';
import { asPost, type Post } from '../posts/post.ts';

/**
 * Reads recorded statuses, one JSON a line.
 * @throws HubError invalid_config when the file cannot be read or has no statuses
 */
export function readCorpus(path: string): Status[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new HubError('invalid_config', `the corpus ${path} cannot be read`, { cause });
  }
  const statuses = text.split('\n').flatMap((line, i) => (line.trim() === '' ? [] : [parse(line, `${path}:${i + 1}`)]));
  if (statuses.length === 0) throw new HubError('invalid_config', `the corpus ${path} holds no statuses`);
  return statuses;
}

function parse(line: string, place: string): Status {
  try {
    const status = JSON.parse(line) as Partial<Status> | null;
    if (typeof status?.id === 'string' && typeof status.uri === 'string' && status.account) return status as Status;
  } catch (cause) {
    throw new HubError('invalid_config', `${place} is not JSON`, { cause });
  }
  throw new HubError('invalid_config', `${place} is not a status: id, uri and account are needed`);
}

/** Recorded statuses over and over, each time as new posts: with ids, addresses and times of their own. */
export class Corpus {
  private readonly statuses: readonly Status[];
  private readonly ids: Snowflakes;
  private next = 0;
  /** Recorded id → the post made of it last. */
  private readonly made = new Map<string, Post>();

  constructor(statuses: readonly Status[], ids: Snowflakes) {
    this.statuses = statuses;
    this.ids = ids;
  }

  compose(): Post {
    const recorded = this.statuses[this.next % this.statuses.length];
    if (recorded === undefined) throw new RangeError('an empty corpus');
    this.next += 1;
    return this.renew(recorded);
  }

  private renew(recorded: Status): Post {
    const { id, time } = this.ids.next();
    const created = new Date(time).toISOString();
    const status: Status = {
      ...recorded,
      id,
      uri: readdress(recorded.uri, recorded.id, id),
      url: recorded.url === null ? null : readdress(recorded.url, recorded.id, id),
      created_at: created,
      edited_at: recorded.edited_at === null ? null : created,
      in_reply_to_id: this.renewedId(recorded.in_reply_to_id),
      reblog: null,
      quote: recorded.quote ?? null,
    };
    const post = asPost(status, null);
    this.embed(post, recorded);
    this.made.set(recorded.id, post);
    return post;
  }

  private renewedId(recorded: string | null): string | null {
    return recorded === null ? null : (this.made.get(recorded)?.status.id ?? null);
  }

  /** What a post shows of others: nobody but its author may see a post that is not public, also not within another. */
  private embed(post: Post, recorded: Status): void {
    const { status } = post;
    if (recorded.reblog) {
      const boosted = this.known(recorded.reblog);
      status.reblog = boosted.status;
      boosted.boosts.push(post);
      if (status.visibility === 'public') status.visibility = boosted.status.visibility;
    }
    const quoted = recorded.quote?.quoted_status;
    if (!quoted) return;
    const shown = this.known(quoted);
    const open = shown.status.visibility === 'public';
    status.quote = open
      ? { state: 'accepted', quoted_status: { ...shown.status, quote: null } }
      : { state: 'unauthorized', quoted_status: null };
    if (open) shown.quotes.push(post);
  }

  private known(recorded: Status): Post {
    const made = this.made.get(recorded.id);
    return made === undefined || made.removed ? this.renew(recorded) : made;
  }
}

function readdress(address: string, recordedId: string, id: string): string {
  return address.includes(recordedId) ? address.replaceAll(recordedId, id) : `${address}#${id}`;
}
