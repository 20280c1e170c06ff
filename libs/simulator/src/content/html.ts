import type { Account } from '../entities.ts';

/** How a server writes its own posts, and what it makes of those it gets from elsewhere. */
export interface Markup {
  link(url: string): string;
  hashtag(name: string): string;
  mention(account: Pick<Account, 'username' | 'url'>): string;
}

const SHOWN = 30;
const BLOCK = /^<(?:ul|blockquote)>/;
const FOREIGN = ' rel="nofollow noopener" target="_blank"';

/** Text as HTML. */
export function escape(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}

/** Each part as a paragraph; lists and quotations stand between paragraphs. */
export function paragraphs(parts: readonly string[]): string {
  return parts.map((part) => (BLOCK.test(part) ? part : `<p>${part}</p>`)).join('');
}

/** The link's scheme is hidden, and all after 30 characters. */
function shortened(url: string): string {
  const scheme = /^https?:\/\/(www\.)?/.exec(url)?.[0] ?? '';
  const rest = url.slice(scheme.length);
  const cut = rest.length > SHOWN;
  return (
    `<span class="invisible">${escape(scheme)}</span>` +
    `<span class="${cut ? 'ellipsis' : ''}">${escape(rest.slice(0, SHOWN))}</span>` +
    `<span class="invisible">${escape(rest.slice(SHOWN))}</span>`
  );
}

/** @param server where the author lives: an origin such as https://example.org */
export function markupOf(server: string, local: boolean): Markup {
  const outside = local ? '' : FOREIGN;
  const rel = local ? ' rel="tag"' : FOREIGN;
  return {
    link: (url) =>
      `<a href="${escape(url)}" target="_blank" rel="nofollow noopener" translate="no">${shortened(url)}</a>`,
    hashtag: (name) => `<a href="${tagUrl(server, name)}" class="mention hashtag"${rel}>#<span>${name}</span></a>`,
    mention: ({ username, url }) =>
      `<span class="h-card" translate="no"><a href="${escape(url)}" class="u-url mention"${outside}>` +
      `@<span>${username}</span></a></span>`,
  };
}

/** Tags are kept in lower case; the text keeps the writer's own. */
export function tagUrl(server: string, name: string): string {
  return `${server}/tags/${encodeURIComponent(name.normalize('NFKC').toLowerCase())}`;
}
