import type { Gap } from '@hub/contracts';
import {
  asFirstSeen,
  rank,
  rule,
  withoutQuoted,
  type Change,
  type DeleteChange,
  type Outcome,
  type UpsertChange,
} from '@hub/storage';
import { mongo } from 'mongoose';
import { amended, livePost, tombstone } from '../records/form.ts';
import { gapKey, lockOf, nameOf, pageOrder, postKey } from '../records/keys.ts';
import type { NameRecord } from '../records/name.record.ts';
import type { LivePost } from '../records/post.record.ts';
import type { Slot, Workset } from './workset.ts';
import type { Writes } from './writes.ts';

/** When the batch is applied, and until when what it stores is kept. */
export interface Times {
  now: Date;
  posts: Date;
  ids: Date;
}

/** Decides what changes do to what the store holds. */
export class Writer {
  private readonly newNames = new Set<string>();
  private readonly storedGaps: ReadonlySet<string>;

  constructor(
    private readonly work: Workset,
    private readonly writes: Writes,
    private readonly times: Times,
  ) {
    this.storedGaps = new Set(work.gaps.keys());
  }

  async apply(change: Change): Promise<Outcome> {
    if (change.kind === 'gap') return this.gap(change.gap);
    return change.kind === 'delete' ? this.remove(change) : this.upsert(change);
  }

  private gap(gap: Gap): Outcome {
    const _id = gapKey(gap);
    const known = this.work.gaps.get(_id);
    if (known !== undefined && (known.closed_at !== undefined || gap.closed_at === undefined)) return 'stale';
    this.work.gaps.set(_id, gap);
    const record = { _id, expireAt: this.times.posts, feedId: new mongo.ObjectId(), gap };
    this.writes.gap(record, this.storedGaps.has(_id));
    return 'gap';
  }

  private async upsert(change: UpsertChange): Promise<Outcome> {
    const { source, localId, post, references } = change;
    await this.learn(source, localId, post.uri, pageOrder(post.created_at, post.id));
    for (const reference of references) await this.learn(source, reference.localId, reference.uri);
    const slot = this.work.slot(post.uri);
    if (slot.gone) return 'tombstoned';
    const ruling = slot.held === undefined ? 'replace' : rule(slot.held.version, change);
    if (ruling === 'replace') return this.store(change, slot);
    if (ruling === 'advance') this.advance(post.uri, slot, rank(change));
    return 'stale';
  }

  private async store(change: UpsertChange, slot: Slot): Promise<Outcome> {
    const gone = change.references.filter(({ uri }) => this.work.slot(uri).gone);
    if (gone.some(({ kind }) => kind === 'boost')) {
      await this.bury([change.post.uri]);
      return 'tombstoned';
    }
    const post = withoutQuoted(change.post, new Set(gone.map(({ uri }) => uri)));
    const { held } = slot;
    const kept = held === undefined ? post : asFirstSeen(held.first, post);
    for (const { uri } of change.references) this.writes.lock(lockOf(uri), this.times.ids);
    this.put(livePost(change, kept, held === undefined ? 'post' : 'edit', this.times.posts), slot);
    return held === undefined ? 'created' : 'edited';
  }

  private put(record: LivePost, slot: Slot): void {
    this.writes.post(record, slot.exists);
    this.work.hold(record);
  }

  private advance(uri: string, { held }: Slot, sequence: number): void {
    if (held !== undefined) held.version = { ...held.version, sequence };
    this.writes.sequence(postKey(uri), sequence);
  }

  private async remove({ source, localId }: DeleteChange): Promise<Outcome> {
    const _id = nameOf(source, localId);
    const name = this.work.names.get(_id);
    if (name === undefined) {
      const { now, ids } = this.times;
      this.setName({ _id, source, localId, buried: true, seenAt: now, expireAt: ids });
      return 'buried';
    }
    if (name.uri === undefined || this.work.slot(name.uri).gone) return 'stale';
    return (await this.bury([name.uri])) ? 'deleted' : 'buried';
  }

  /** Remembers what a post is called, as long as a post that is stored now is kept, and longer. */
  private async learn(source: string, localId: string, uri: string, order?: string): Promise<void> {
    const _id = nameOf(source, localId);
    const known = this.work.names.get(_id);
    const { now, posts, ids } = this.times;
    const isShown = order === undefined || known?.order !== undefined;
    if (known?.uri === uri && known.expireAt > posts && isShown) return;
    const kept = known?.uri === uri ? known : { seenAt: now };
    const sorted = order === undefined ? {} : { order };
    this.setName({ ...kept, _id, source, localId, uri, post: postKey(uri), expireAt: ids, ...sorted });
    if (known?.buried === true) await this.bury([uri]);
  }

  private setName(record: NameRecord): void {
    if (!this.work.names.has(record._id)) this.newNames.add(record._id);
    this.work.names.set(record._id, record);
    this.writes.name(record, !this.newNames.has(record._id));
  }

  /** Makes posts gone for good, and with them what embeds them. Returns whether the store held any. */
  private async bury(uris: readonly string[]): Promise<boolean> {
    const going = uris.filter((uri) => !this.work.slot(uri).gone);
    if (going.length === 0) return false;
    await this.work.readEmbedding(going);
    const held = going.map((uri) => this.entomb(uri));
    const boosts = going.flatMap((uri) => this.work.embedding(uri, 'boost'));
    await this.bury(boosts.map(({ post }) => post.uri));
    for (const uri of going) for (const quoting of this.work.embedding(uri, 'quote')) this.takeOut(uri, quoting);
    return held.includes(true);
  }

  private entomb(uri: string): boolean {
    const slot = this.work.slot(uri);
    const id = slot.held?.first.id;
    this.writes.lock(lockOf(uri), this.times.ids);
    this.writes.post(tombstone(uri, id, this.times.ids), slot.exists);
    slot.gone = true;
    slot.held = undefined;
    return id !== undefined;
  }

  private takeOut(quoted: string, quoting: LivePost): void {
    const post = withoutQuoted(quoting.post, new Set([quoted]));
    if (post !== quoting.post) this.put(amended(quoting, post), this.work.slot(quoting.post.uri));
  }
}
