import { keptAttributes } from './html-rules.ts';

/** Elements in which nesting can mean only one thing. The others, and what stands in them, are for the parser. */
const INLINE = new Set(['span', 'a', 'strong', 'b', 'em', 'i', 'u', 'del', 's', 'code']);
const MAX_DEPTH = 20;

const TOKEN = /<(\/?)([a-z]+)((?: [a-z-]+="[^"<>]*")*)( ?\/)?>|[^<>]+/y;
const ATTRIBUTE = / ([a-z-]+)="([^"]*)"/g;
const ENTITY = /&(?:amp|lt|gt|quot|#39);/g;
/** An ampersand that is not the start of one of the entities above. */
const OTHER_ENTITY = /&(?!(?:amp|lt|gt|quot|#39);)/;

/**
 * The fast way for HTML as most servers write it: paragraphs of inline elements, properly nested, attributes in double
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
  if (!(tag === 'p' ? open.length === 0 : INLINE.has(tag)) || open.length >= MAX_DEPTH) return undefined;
  open.push(tag);
  const kept = readAttributes(tag, attributes);
  if (kept === undefined) return undefined;
  let written = `<${tag}`;
  for (const [name, value] of Object.entries(kept)) written += ` ${name}="${value.replaceAll('&', '&amp;')}"`;
  return `${written}>`;
}

function readAttributes(tag: string, attributes: string): Record<string, string> | undefined {
  if (attributes === '') return keptAttributes(tag, {});
  const given: Record<string, string> = {};
  for (const [, name = '', value = ''] of attributes.matchAll(ATTRIBUTE)) {
    if (OTHER_ENTITY.test(value) || Object.hasOwn(given, name)) return undefined;
    given[name] = value.includes('&') ? value.replace(ENTITY, (entity) => DECODED[entity] ?? entity) : value;
  }
  const kept = keptAttributes(tag, given);
  return kept !== undefined && Object.values(kept).some((value) => value.includes('"')) ? undefined : kept;
}

const DECODED: Record<string, string> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'" };

/** Quotes need no entity in text. */
function text(token: string): string | undefined {
  if (!token.includes('&')) return token;
  if (OTHER_ENTITY.test(token)) return undefined;
  return token.replaceAll('&quot;', '"').replaceAll('&#39;', "'");
}
