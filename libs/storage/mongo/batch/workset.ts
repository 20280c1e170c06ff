import type { Gap } from '@hub/contracts';
import type { Change, FirstSight, Reference, StoredVersion } from '@hub/storage';
import type { mongo } from 'mongoose';
import type { Collections } from '../collections.ts';
import { postKey } from '../records/keys.ts';
import type { NameRecord } from '../records/name.record.ts';
import { isLive, type LivePost, type PostRecord } from '../records/post.record.ts';
import { subjectsOf, type Subjects } from './subjects.ts';

/** A post that the store holds, as far as it was read. */
export interface Held {
  first: FirstSight;
  version: StoredVersion;
  /** Whole, if it embeds a post that may go, or was written by this batch. */
  record?: LivePost;
}

/** What the store has for a URI. */
export interface Slot {
  /** There was a document when the batch began. */
  readonly exists: boolean;
  gone: boolean;
  held?: Held | undefined;
}

const HEAD = {
  gone: 1,
  version: 1,
  'removed.uri': 1,
  'post.uri': 1,
  'post.id': 1,
  'post.in_reply_to_id': 1,
  'post.in_reply_to_account_id': 1,
  'post.hub.source': 1,
  'post.hub.local_id': 1,
};

/** What a batch of changes finds in the store, read in one snapshot, and what it made of it so far. */
export class Workset {
  readonly names = new Map<string, NameRecord>();
  readonly gaps = new Map<string, Gap>();
  private readonly slots = new Map<string, Slot>();
  /** URIs of posts that embed a post, by its URI: as stored, and as written by the batch. */
  private readonly stored = new Map<string, Set<string>>();
  private readonly written = new Map<string, Set<string>>();

  private constructor(
    private readonly collections: Collections,
    private readonly session: mongo.ClientSession,
  ) {}

  static async read(
    collections: Collections,
    session: mongo.ClientSession,
    changes: readonly Change[],
  ): Promise<Workset> {
    const work = new Workset(collections, session);
    const subjects = subjectsOf(changes);
    await work.readNames(subjects);
    const going = work.mayGo(subjects);
    await work.readSlots(new Set([...subjects.uris, ...going]));
    await work.readEmbedding(going);
    return work;
  }

  /** What the store has for a URI that the batch speaks of. */
  slot(uri: string): Slot {
    const slot = this.slots.get(uri);
    if (slot === undefined) throw new Error('a batch asked for a post that it did not read');
    return slot;
  }

  hold(record: LivePost): void {
    const { uri } = record.post;
    this.slot(uri).held = { first: record.post, version: record.version, record };
    for (const reference of record.references) add(this.written, reference.uri, uri);
  }

  /** Posts, whole, that embed one. It was given to `readEmbedding` before. */
  embedding(uri: string, kind: Reference['kind']): LivePost[] {
    const uris = new Set([...(this.stored.get(uri) ?? []), ...(this.written.get(uri) ?? [])]);
    return [...uris].flatMap((embedding) => {
      const { version, record } = this.slot(embedding).held ?? {};
      const embeds = record?.references.some((reference) => reference.uri === uri && reference.kind === kind);
      return record !== undefined && version !== undefined && embeds === true ? [{ ...record, version }] : [];
    });
  }

  /** Reads the posts that embed one of these. */
  async readEmbedding(uris: Iterable<string>): Promise<void> {
    const unread = [...uris].filter((uri) => !this.stored.has(uri));
    if (unread.length === 0) return;
    for (const uri of unread) this.stored.set(uri, new Set());
    const query = this.collections.posts.find({ 'references.uri': { $in: unread } }, { session: this.session });
    for await (const record of query) if (isLive(record)) this.keep(record);
  }

  /** A post as stored, whole; what the batch wrote of it already stands. */
  private keep(record: LivePost): void {
    const { uri } = record.post;
    for (const reference of record.references) if (this.stored.has(reference.uri)) add(this.stored, reference.uri, uri);
    const slot = this.slots.get(uri);
    if (slot === undefined) {
      this.slots.set(uri, {
        exists: true,
        gone: false,
        held: { first: record.post, version: record.version, record },
      });
    } else if (slot.held !== undefined) slot.held.record ??= record;
  }

  private async readNames({ names, gaps }: Subjects): Promise<void> {
    const { session } = this;
    const found = this.collections.names.find({ _id: { $in: [...names] } }, { session });
    for await (const name of found) this.names.set(name._id, name);
    if (gaps.size === 0) return;
    const known = this.collections.gaps.find({ _id: { $in: [...gaps] } }, { session });
    for await (const { _id, gap } of known) this.gaps.set(_id, gap);
  }

  /** URIs of posts that the batch may delete: those of deleted names, and those of names buried before. */
  private mayGo({ tellings, deleted }: Subjects): Set<string> {
    const known = [...deleted].map((name) => this.names.get(name)?.uri);
    const told = tellings.filter(({ name }) => deleted.has(name) || this.names.get(name)?.buried === true);
    return new Set([...known.filter((uri) => uri !== undefined), ...told.map(({ uri }) => uri)]);
  }

  private async readSlots(uris: Set<string>): Promise<void> {
    if (uris.size === 0) return;
    const keys = [...uris].map(postKey);
    const found = this.collections.posts.find({ _id: { $in: keys } }, { session: this.session, projection: HEAD });
    for await (const record of found) this.slots.set(uriOf(record), slotOf(record));
    for (const uri of uris) if (!this.slots.has(uri)) this.slots.set(uri, { exists: false, gone: false });
  }
}

function add(map: Map<string, Set<string>>, key: string, value: string): void {
  const values = map.get(key) ?? new Set();
  map.set(key, values.add(value));
}

function uriOf({ post, removed }: PostRecord): string {
  return post?.uri ?? removed?.uri ?? '';
}

function slotOf({ gone, post, version }: PostRecord): Slot {
  if (gone !== undefined || post === undefined || version === undefined) return { exists: true, gone: true };
  return { exists: true, gone: false, held: { first: post, version } };
}
