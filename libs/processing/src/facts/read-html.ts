/** What a reader gets from sanitised HTML without rendering it. */
export interface PlainContent {
  /** Paragraphs parted by an empty line, line breaks kept; parts that Mastodon hides from view are in it. */
  text: string;
  /** Outbound links, mentions and hashtags left out, each once. */
  links: string[];
}

/** Tags and text: in what `sanitise` writes, '<' and '>' stand nowhere else. */
const TOKEN = /<(\/?)([a-z1-6]+)([^>]*)>|[^<]+/g;
const HREF = / href="([^"]*)"/;
const MENTION_OR_HASHTAG = / class="(?:[^"]* )?(?:mention|hashtag)(?: [^"]*)?"/;
const MORE_SPACE = /[\t\r\n\f]| {2}/;
const PARAGRAPHS = new Set(['p', 'pre', 'blockquote', 'ul', 'ol']);

/** Reads HTML that `sanitise` has written. */
export function readHtml(html: string): PlainContent {
  let text = '';
  const links = new Set<string>();
  let link: { href: string; from: number } | undefined;
  let preformatted = 0;
  const tidySpace = MORE_SPACE.test(html);
  for (const [token, closing, tag, attributes] of html.matchAll(TOKEN)) {
    if (tag === undefined) text += preformatted > 0 ? token : flow(token, tidySpace, text.endsWith('\n'));
    else if (tag === 'br') text += '\n';
    else if (PARAGRAPHS.has(tag)) text += '\n\n';
    else if (tag === 'li' && closing === '') text += '\n';
    if (tag === 'pre') preformatted += closing === '' ? 1 : -1;
    if (tag !== 'a') continue;
    if (closing === '') link = MENTION_OR_HASHTAG.test(attributes ?? '') ? undefined : linkAt(attributes, text.length);
    else if (link !== undefined && !isName(text.slice(link.from))) links.add(link.href);
  }
  return { text: tidy(decode(text)), links: [...links] };
}

/** Text as a browser flows it: white space is one space, and none at the start of a line. */
function flow(token: string, tidySpace: boolean, lineStart: boolean): string {
  const flowing = tidySpace ? token.replace(/[ \t\r\n\f]+/g, ' ') : token;
  return lineStart ? flowing.trimStart() : flowing;
}

function linkAt(attributes: string | undefined, from: number): { href: string; from: number } | undefined {
  const href = HREF.exec(attributes ?? '')?.[1];
  return href === undefined ? undefined : { href: decode(href), from };
}

/** Some servers mark their mentions and hashtags by nothing but the text. */
function isName(text: string): boolean {
  return /^\s*[@#]\S+\s*$/.test(text);
}

const ENTITIES: Record<string, string> = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&amp;': '&' };

function decode(text: string): string {
  return text.includes('&') ? text.replace(/&(?:lt|gt|quot|amp);/g, (entity) => ENTITIES[entity] ?? entity) : text;
}

function tidy(text: string): string {
  return text
    .replace(/ +\n/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}
