import type { Mention, Status } from '../entities.ts';
import type { Random } from '../random.ts';
import { escape, markupOf, paragraphs, tagUrl } from './html.ts';
import { emoji, type Person } from './people.ts';
import { CUSTOM_EMOJI, LINK_HOSTS, LINK_PATHS, UNICODE_EMOJI } from './things.ts';

/** What a post says, and the entities that belong to the text. */
export interface Body {
  content: string;
  tags: Status['tags'];
  mentions: Mention[];
  emojis: Status['emojis'];
  /** The first link. */
  link: string | null;
}

/** Writes texts as people write them. */
export class Writer {
  private readonly random: Random;
  private readonly origin: string;

  constructor(random: Random, origin: string) {
    this.random = random;
    this.origin = origin;
  }

  /** @param addressed who is named at the beginning, as in a reply */
  write(author: Person, addressed: readonly Person[]): Body {
    const { random } = this;
    const markup = markupOf(author.server, author.local);
    const text = this.sentences(author);
    const names = addressed.map(({ account }) => `${markup.mention(account)} `).join('');
    const link = random.chance(0.18) ? `https://${random.pick(LINK_HOSTS)}${random.pick(LINK_PATHS)}` : null;
    const hashtags = this.hashtags(author);
    const parts = [names + text.html];
    if (!author.local && random.chance(0.03)) parts.push(random.pick(FOREIGN_BLOCKS));
    if (link !== null) parts.push(markup.link(link));
    if (hashtags.length > 0) parts.push(hashtags.map((tag) => markup.hashtag(tag)).join(' '));
    return {
      content: this.laidOut(author, parts),
      tags: this.tags(hashtags),
      mentions: addressed.map(({ account: { id, username, url, acct } }) => ({ id, username, url, acct })),
      emojis: text.shortcodes.map((code) => emoji(this.origin, code)),
      link,
    };
  }

  /** A few more words in the author's language, as HTML: what an edit adds. */
  afterthought(author: Person): string {
    return `<p>${escape(this.random.pick(author.voice.sentences))}</p>`;
  }

  private sentences({ voice, local }: Person): { html: string; shortcodes: string[] } {
    const { random } = this;
    const chosen = random.sample(voice.sentences, random.pick([1, 1, 1, 2, 2, 2, 3, 3, 4, 6]));
    const html = chosen.map(escape);
    if (random.chance(0.25)) html.push(random.sample(UNICODE_EMOJI, random.between(1, 3)).join(''));
    const shortcodes = random.chance(0.1) ? random.sample(CUSTOM_EMOJI, random.between(1, 2)) : [];
    html.push(...shortcodes.map((code) => `:${code}:`));
    if (!local && random.chance(0.03)) html.push(random.pick(FOREIGN_MARKUP));
    return { html: html.join(random.chance(0.2) ? '<br />' : ' '), shortcodes };
  }

  private hashtags({ voice }: Person): string[] {
    if (!this.random.chance(0.4)) return [];
    const chosen = this.random.sample(voice.hashtags, this.random.pick([1, 1, 2, 3, 5]));
    return chosen.map((tag) => (this.random.chance(0.3) ? tag.toLowerCase() : tag));
  }

  private tags(names: readonly string[]): Status['tags'] {
    const folded = new Set(names.map((name) => name.normalize('NFKC').toLowerCase()));
    return [...folded].map((name) => ({ name, url: tagUrl(this.origin, name) }));
  }

  /** Misskey wraps text in spans, Pleroma writes no paragraphs. */
  private laidOut({ software }: Person, parts: readonly string[]): string {
    if (software === 'misskey')
      return `<p>${parts.map((part) => `<span>${part}</span>`).join('<span><br><br></span>')}</p>`;
    return software === 'pleroma' ? parts.join('<br/>') : paragraphs(parts);
  }
}

/** Formatting that other servers send and Mastodon lets through. */
const FOREIGN_MARKUP = [
  '<strong>!</strong> <em>really</em> <code>git push --force</code>',
  '<ruby>漢字<rp>(</rp><rt>かんじ</rt><rp>)</rp></ruby>',
  '<del>tomorrow</del> today',
];

/** Those of them that end a paragraph. */
const FOREIGN_BLOCKS = [
  '<ul><li>eggs</li><li>flour</li><li>patience</li></ul>',
  '<blockquote><p>Everything not saved will be lost.</p></blockquote>',
];
