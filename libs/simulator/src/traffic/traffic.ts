import type { Faults } from '../faults.ts';
import type { Clock } from '../ids.ts';
import { type Post, visible } from '../posts/post.ts';
import type { PostStore } from '../posts/post-store.ts';
import type { RecentPosts } from '../posts/recent-posts.ts';
import type { Random } from '../random.ts';
import type { Delivery } from '../stream/delivery.ts';
import type { TruthEvent } from '../truth/truth.ts';
import type { TruthLog } from '../truth/truth-log.ts';
import type { Composer } from './composer.ts';
import type { Corpus } from './corpus.ts';
import { type EventKind, MIX } from './kinds.ts';
import { applyGiven, type GivenStatus } from './given-status.ts';

const MINUTE = 60_000;

export interface TrafficParts {
  random: Random;
  /** For what must not change the traffic: markers and faults. */
  dice: Random;
  clock: Clock;
  composer: Composer;
  corpus: Corpus | undefined;
  store: PostStore;
  recent: RecentPosts;
  delivery: Delivery;
  log: TruthLog;
  faults: Faults;
}

/** Makes things happen: to the posts first, then to the ground truth and the streams. */
export class Traffic {
  private readonly parts: TrafficParts;
  private markers = 0;

  constructor(parts: TrafficParts) {
    this.parts = parts;
  }

  /** The next thing that the seed, or the corpus, has in store. */
  step(): TruthEvent[] {
    const { corpus, random } = this.parts;
    return corpus === undefined ? this.emit(random.weighted(MIX)) : this.publish(corpus.compose());
  }

  /**
   * Makes one thing happen. An edit or deletion without a post to fall on becomes a new post; a deletion also takes
   * the post's boosts.
   * @param given fields of the post: to make it with, or (`id`) of the post to edit or delete
   */
  emit(kind: EventKind, given: GivenStatus = {}): TruthEvent[] {
    if (kind === 'edit' || kind === 'delete') {
      const target = this.target(kind, given.id);
      if (target !== undefined) return kind === 'edit' ? this.edit(target, given) : this.remove(target);
    }
    const post = this.parts.composer.compose(kind === 'edit' || kind === 'delete' ? 'post' : kind, this.lateness(kind));
    if (Object.keys(given).length > 0) applyGiven(post, given, this.parts.clock());
    return this.publish(post);
  }

  private target(kind: 'edit' | 'delete', id: string | undefined): Post | undefined {
    const { store, recent, random } = this.parts;
    const fits = (post: Post) => kind === 'delete' || post.status.reblog === null;
    return id === undefined ? recent.pick(random, fits) : store.get(id);
  }

  private lateness(kind: EventKind): number {
    const { faults, dice } = this.parts;
    return kind !== 'edit' && kind !== 'delete' && faults.strikes('late_backdated') ? dice.between(1, 30) * MINUTE : 0;
  }

  private publish(post: Post): TruthEvent[] {
    const { store, recent, faults } = this.parts;
    if (post.status.visibility !== 'public') {
      this.mark(post);
      post.leaked = faults.strikes('leak_nonpublic');
    }
    store.add(post);
    recent.add(post);
    return [this.announce('update', post)];
  }

  private edit(post: Post, given: GivenStatus): TruthEvent[] {
    this.parts.composer.revise(post, this.parts.clock());
    const { id: _, ...changes } = given;
    if (Object.keys(changes).length > 0) applyGiven(post, changes, this.parts.clock());
    if (post.marker !== null && !post.status.content.includes(post.marker)) this.mark(post);
    return [this.announce('status.update', post)];
  }

  private remove(post: Post): TruthEvent[] {
    this.parts.store.remove(post);
    for (const { status } of post.quotes) status.quote = { state: 'deleted', quoted_status: null };
    const boosts = post.boosts.filter((boost) => !boost.removed);
    return [this.announce('delete', post), ...boosts.flatMap((boost) => this.remove(boost))];
  }

  private announce(event: TruthEvent['event'], post: Post): TruthEvent {
    const { delivery, log, clock } = this.parts;
    const payload = event === 'delete' ? post.status.id : JSON.stringify(post.status);
    const streamed = visible(post) && delivery.deliver({ event, payload, post });
    return log.append(event, post, clock(), streamed);
  }

  /** Letters and digits only, so that no step of a pipeline changes it. */
  private mark(post: Post): void {
    this.markers += 1;
    post.marker ??= `hidden${this.parts.dice.text(12)}n${this.markers}x`;
    post.status.content += `<p>${post.marker}</p>`;
  }
}
