import { keptAttributes } from './html-rules.ts';

/** Elements that may stand anywhere. Links may, too, but in one another: the second ends the first. */
const INLINE = new Set(['span', 'strong', 'b', 'em', 'i', 'u', 'del', 's', 'code', 'ruby']);
const FLOW = new Set([undefined, 'blockquote', 'li']);
/** Where the others stand: elsewhere their start ends what they stand in, which is for the parser. */
const PARENTS = new Map<string, ReadonlySet<string | undefined>>([
  ...['p', 'pre', 'blockquote', 'ul', 'ol'].map((tag) => [tag, FLOW] as const),
  ['li', new Set(['ul', 'ol'])],
  ['rt', new Set(['ruby'])],
  ['rp', new Set(['ruby'])],
]);
const MAX_DEPTH = 20;

const TOKEN = /<(\/?)([a-z]+)((?: [a-z-]+="[^"<>]*")*)( ?\/)?>|[^<>]+/y;
const ATTRIBUTE = / ([a-z-]+)="([^"]*)"/g;
const ENTITY = /&(?:amp|lt|gt|quot|#39);/g;
/** An ampersand that is not the start of one of the entities above. */
const OTHER_ENTITY = /&(?!(?:amp|lt|gt|quot|#39);)/;

/**
 * The fast way for HTML as most servers write it: paragraphs, lists and quotations, properly nested, attributes in double
 * quotes. Undefined for all else, which then takes the slow way through the parser; both give the same.
 */
export function sanitiseWellFormed(html: string): string | undefined {
  const open: string[] = [];
  let clean = '';
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < html.length) {
    const match = TOKEN.exec(html);
    if (match === null) return undefined;
    const [token, closing, tag, attributes = '', slash] = match;
    const written = tag === undefined ? text(token) : writeTag(open, closing === '/', tag, attributes, slash);
    if (written === undefined) return undefined;
    clean += written;
  }
  return open.length === 0 ? clean : undefined;
}

function writeTag(
  open: string[],
  closing: boolean,
  tag: string,
  attributes: string,
  slash: string | undefined,
): string | undefined {
  if (tag === 'br' && !closing && attributes === '') return '<br />';
  if (slash !== undefined) return undefined;
  if (closing) return attributes === '' && open.pop() === tag ? `</${tag}>` : undefined;
  if (open.length >= MAX_DEPTH || !mayStandIn(open, tag)) return undefined;
  open.push(tag);
  const kept = readAttributes(tag, attributes);
  if (kept === undefined) return undefined;
  let written = `<${tag}`;
  for (const [name, value] of Object.entries(kept)) written += ` ${name}="${value.replaceAll('&', '&amp;')}"`;
  return `${written}>`;
}

function mayStandIn(open: readonly string[], tag: string): boolean {
  if (tag === 'a') return !open.includes('a');
  return INLINE.has(tag) || PARENTS.get(tag)?.has(open.at(-1)) === true;
}

function readAttributes(tag: string, attributes: string): Record<string, string> | undefined {
  if (attributes === '') return keptAttributes(tag, {});
  const given: Record<string, string> = {};
  for (const [, name = '', value = ''] of attributes.matchAll(ATTRIBUTE)) {
    if (OTHER_ENTITY.test(value) || Object.hasOwn(given, name)) return undefined;
    given[name] = value.includes('&') ? value.replace(ENTITY, (entity) => DECODED[entity] ?? entity) : value;
  }
  const kept = keptAttributes(tag, given);
  return kept !== undefined && Object.values(kept).some((value) => value === '' || value.includes('"'))
    ? undefined
    : kept;
}

const DECODED: Record<string, string> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'" };

/** Quotes need no entity in text. */
function text(token: string): string | undefined {
  if (!token.includes('&')) return token;
  if (OTHER_ENTITY.test(token)) return undefined;
  return token.replaceAll('&quot;', '"').replaceAll('&#39;', "'");
}
