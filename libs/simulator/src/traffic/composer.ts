import { Attachments } from '../content/attachments.ts';
import { Writer } from '../content/body.ts';
import { People, type Person } from '../content/people.ts';
import { WARNINGS } from '../content/things.ts';
import type { Status } from '../entities.ts';
import { type Clock, idAtOrigin, type Snowflakes } from '../ids.ts';
import { hashtagName } from '../posts/hashtag-name.ts';
import { asPost, type Post, visible } from '../posts/post.ts';
import type { RecentPosts } from '../posts/recent-posts.ts';
import type { Random } from '../random.ts';
import { boostAddress, postAddress } from './addresses.ts';
import type { PostKind } from './kinds.ts';

const PEOPLE = 600;
/** Posts of other servers arrive a little late, with ids of when they were written. */
const TRAVEL_MS = 2_500;

export interface ComposerParts {
  random: Random;
  ids: Snowflakes;
  clock: Clock;
  origin: string;
  recent: RecentPosts;
}

/** Writes new posts. Which ones depends on the seed and on what was written before, never on the time. */
export class Composer {
  private readonly parts: ComposerParts;
  private readonly writer: Writer;
  private readonly attachments: Attachments;
  readonly people: readonly Person[];

  constructor(parts: ComposerParts) {
    const { random, origin } = parts;
    this.parts = parts;
    this.people = new People(random, origin).make(PEOPLE);
    this.writer = new Writer(random, origin);
    this.attachments = new Attachments(random, origin);
  }

  /** @param extraAge ms by which the post is older than its arrival tells */
  compose(kind: PostKind, extraAge = 0): Post {
    const target = this.target(kind);
    if (kind === 'boost' && target !== undefined) return this.boost(target, extraAge);
    const author = this.author(kind, target);
    const status = this.blank(author, extraAge);
    this.say(status, author, kind === 'reply' ? target : undefined, kind);
    this.decorate(status, author, kind);
    if (kind === 'unlisted' || kind === 'private' || kind === 'direct') status.visibility = kind;
    const post = asPost(status, author);
    if (kind === 'quote' && target !== undefined) quote(post, target);
    return post;
  }

  /** A later version of a post: some words more, now and then a content warning. */
  revise(post: Post, now: number): void {
    const { status, author } = post;
    const { random } = this.parts;
    const earlier = Date.parse(status.edited_at ?? status.created_at);
    status.edited_at = new Date(Math.max(now, earlier + 1)).toISOString();
    status.content += author === null ? '<p>(corrected)</p>' : this.writer.afterthought(author);
    if (random.chance(0.1)) Object.assign(status, { spoiler_text: random.pick(WARNINGS), sensitive: true });
  }

  private target(kind: PostKind): Post | undefined {
    if (kind !== 'reply' && kind !== 'boost' && kind !== 'quote') return undefined;
    const fits = (post: Post) => visible(post) && !post.leaked && post.status.reblog === null && post.author !== null;
    return this.parts.recent.pick(this.parts.random, fits);
  }

  /** People answer in their own language, and often themselves. */
  private author(kind: PostKind, target: Post | undefined): Person {
    const { random } = this.parts;
    if (kind !== 'reply' || target?.author == null) return random.pick(this.people);
    if (random.chance(0.35)) return target.author;
    const { language } = target.author.voice;
    return random.pick(this.people.filter((person) => person.voice.language === language));
  }

  private blank(author: Person, extraAge: number): Status {
    const travel = author.local ? 0 : this.parts.random.between(1, TRAVEL_MS);
    const age = travel + extraAge;
    const { id, time } = age === 0 ? this.parts.ids.next() : this.parts.ids.backdated(age);
    const popular = this.parts.random.chance(0.02);
    author.account.statuses_count += 1;
    author.account.last_status_at = new Date(time).toISOString().slice(0, 10);
    return {
      id,
      created_at: new Date(time).toISOString(),
      ...UNANSWERED,
      ...postAddress(author, author.local ? id : idAtOrigin(id)),
      language: this.parts.random.chance(0.96) ? author.voice.language : null,
      favourites_count: popular ? this.parts.random.between(10, 400) : 0,
      account: author.account,
      application: author.local ? { name: 'Web', website: null } : null,
    };
  }

  private say(status: Status, author: Person, answered: Post | undefined, kind: PostKind): void {
    const { random } = this.parts;
    const addressed = answered?.author && answered.author !== author ? [answered.author] : [];
    if (kind === 'direct' || random.chance(0.06)) addressed.push(random.pick(this.people));
    const { link, tags, ...body } = this.writer.write(author, [...new Set(addressed)]);
    Object.assign(status, body);
    status.tags = tags.map(({ name, url }) => ({ name: hashtagName(name), url }));
    if (link !== null && random.chance(0.6)) status.card = this.attachments.card(link, author.voice.language);
    if (answered === undefined) return;
    status.in_reply_to_id = answered.status.id;
    status.in_reply_to_account_id = answered.status.account.id;
    answered.status.replies_count += 1;
  }

  private decorate(status: Status, { local }: Person, kind: PostKind): void {
    const { random, clock } = this.parts;
    if (kind === 'poll') status.poll = this.attachments.poll(clock());
    if (kind === 'media') status.media_attachments = this.attachments.media(status.id, local);
    if (random.chance(0.07)) Object.assign(status, { spoiler_text: random.pick(WARNINGS), sensitive: true });
    else if (kind === 'media' && random.chance(0.1)) status.sensitive = true;
  }

  private boost(boosted: Post, extraAge: number): Post {
    const author = this.parts.random.pick(this.people);
    const status = this.blank(author, extraAge);
    Object.assign(status, boostAddress(author, author.local ? status.id : idAtOrigin(status.id)), {
      reblog: boosted.status,
      application: null,
      language: boosted.status.language,
      sensitive: boosted.status.sensitive,
      spoiler_text: boosted.status.spoiler_text,
    });
    boosted.status.reblogs_count += 1;
    const boost = asPost(status, author);
    boosted.boosts.push(boost);
    return boost;
  }
}

function quote(post: Post, quoted: Post): void {
  post.status.quote = { state: 'accepted', quoted_status: shallow(quoted.status) };
  quoted.status.quotes_count += 1;
  quoted.quotes.push(post);
}

/** A quoted post shows no post that it quotes itself. */
function shallow(status: Status): Status {
  return status.quote === null ? status : { ...status, quote: { state: status.quote.state, quoted_status: null } };
}

const UNANSWERED = {
  in_reply_to_id: null,
  in_reply_to_account_id: null,
  sensitive: false,
  spoiler_text: '',
  visibility: 'public' as const,
  replies_count: 0,
  reblogs_count: 0,
  favourites_count: 0,
  quotes_count: 0,
  edited_at: null,
  content: '',
  reblog: null,
  media_attachments: [],
  mentions: [],
  tags: [],
  emojis: [],
  quote: null,
  card: null,
  poll: null,
  quote_approval: { automatic: ['public'], manual: [], current_user: 'denied' },
};
