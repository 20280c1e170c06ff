import { LRUCache } from 'lru-cache';
import sanitizeHtml from 'sanitize-html';
import { cleanText } from './text.ts';
import { sanitiseWellFormed } from './well-formed.ts';
import { BLOCKS, HEADINGS, keptAttributes, TAGS, VOID_OF_TEXT } from './html-rules.ts';

/** Deeper nesting is nobody's text. */
const NESTING_LIMIT = 100;
/** Dropping a tag can make its neighbours nest in a new way, so what lost one is looked at again, this often at most. */
const PASSES = 4;

const MARKUP = /[<>&]/;

const HEADING = /<(\/?)h[1-6]>/g;
const BLOCK = new RegExp(`</?(?:${BLOCKS.join('|')})(?: /)?>`, 'g');
const attributes = ['href', 'class', 'rel', 'target', 'translate', 'lang', 'start', 'reversed', 'value'];

/**
 * HTML as every client may render it: Mastodon's elements, attributes and classes, and nothing that acts. The result
 * is well-formed: '<' and '>' stand only around tags, and text and attributes have only the entities amp, lt, gt, quot.
 * Sanitising it again changes nothing.
 */
export function sanitise(html: string): string {
  const clean = cleanText(html);
  if (!MARKUP.test(clean)) return clean;
  return sanitiseWellFormed(clean) ?? sanitiseAnything(clean);
}

/** The way through the parser, for HTML of any kind. */
export function sanitiseAnything(html: string): string {
  let clean = html;
  for (let pass = 0; pass < PASSES; pass++) {
    const { result, dropped } = sanitiseOnce(clean);
    if (!dropped || result === clean) return result;
    clean = result;
  }
  return clean.replaceAll(/<[^>]*>/g, ' ');
}

function sanitiseOnce(html: string): { result: string; dropped: boolean } {
  let dropped = false;
  let depth = 0;
  const transform = (tagName: string, given: Record<string, string>) => {
    const attribs = TAGS.has(tagName) ? keptAttributes(tagName, given) : undefined;
    if (attribs !== undefined) return { tagName, attribs };
    dropped = true;
    return { tagName: tagName === 'a' ? 'dropped' : tagName, attribs: {} };
  };
  const result = sanitizeHtml(html, {
    allowedTags: ALLOWED,
    allowedAttributes: { '*': attributes },
    allowedSchemes: ['http', 'https'],
    allowProtocolRelative: false,
    nonTextTags: VOID_OF_TEXT,
    nestingLimit: NESTING_LIMIT,
    transformTags: { '*': transform },
    onOpenTag: () => {
      if (++depth > NESTING_LIMIT) dropped = true;
    },
    onCloseTag: () => {
      depth--;
    },
  });
  // Entities may have stood for control characters.
  const text = cleanText(result);
  return { result: dropped ? text.replace(HEADING, asBoldParagraph).replace(BLOCK, ' ') : text, dropped };
}

const ALLOWED = [...TAGS, ...HEADINGS, ...BLOCKS];

function asBoldParagraph(_tag: string, closing: string): string {
  return closing === '' ? '<p><strong>' : '</strong></p>';
}

/** Bios and profile fields repeat with each post of an account. Sizes in UTF-16 units. */
const seen = new LRUCache<string, string>({
  max: 20_000,
  maxSize: 16_000_000,
  maxEntrySize: 20_000,
  sizeCalculation: (clean, html) => clean.length + html.length + 1,
});

/** `sanitise` for what comes again and again. */
export function sanitiseRepeated(html: string): string {
  const known = seen.get(html);
  if (known !== undefined) return known;
  const clean = sanitise(html);
  seen.set(html, clean);
  return clean;
}
