import type { Post } from '@hub/contracts';
import { parseFragment, type DefaultTreeAdapterTypes } from 'parse5';

/** What a hub may drop or write in another way, by where it stands in a Status. */
const KNOWN = [
  // About the reading account, or the reading software's own.
  /\.(?:favourited|reblogged|muted|bookmarked|pinned|filtered|voted|own_votes|current_user|text_url)\b/,
  /^\.(?:text|content_type|interaction_policy|local)\b|\.tagged_collections\b/,
  /\.account\.(?:source|moved|mute_expires_at|suspended|limited|enable_rss|theme|custom_css|avatar_media_id)\b/,
  /\.account\.(?:show_media|show_media_replies|show_featured|feature_approval|header_media_id)\b/,
  /\.roles\[\d+\]\.(?:permissions|highlighted)$/,
  /\.card\.(?:html|missing_attribution|authors\[\d+\]\.account)\b/,
  /\.history\b/,
  // The hub's own id, and full account names.
  /^\.id$/,
  /\.account\.acct$/,
];
/** Sanitised: the same to a reader, though not in each attribute. */
const HTML = /\.(?:content|note|fields\[\d+\]\.value)$/;

/** Paths of a Status at which it says something that the post does not say. */
export function whatIsLost(status: unknown, post: Post): string[] {
  return differences(status, post, '');
}

function differences(given: unknown, kept: unknown, path: string): string[] {
  if (saysNothing(given) || KNOWN.some((known) => known.test(path))) return [];
  if (HTML.test(path)) return visible(given) === visible(kept) ? [] : [`${path}: ${visible(given)}`];
  if (typeof given !== 'object' || given === null) return same(given, kept) ? [] : [`${path}: ${String(given)}`];
  if (typeof kept !== 'object' || kept === null) return [path];
  const there = new Map(Object.entries(kept));
  const inner = ([name, value]: [string, unknown]) =>
    differences(value, there.get(name), Array.isArray(given) ? `${path}[${name}]` : `${path}.${name}`);
  return Object.entries(given).flatMap(inner);
}

/** Text and links of HTML, as a browser finds them. */
function visible(html: unknown): string {
  const read = (node: DefaultTreeAdapterTypes.Node): string => {
    if ('value' in node) return node.value;
    const link = 'attrs' in node ? node.attrs.find(({ name }) => name === 'href')?.value : undefined;
    const inner = 'childNodes' in node ? node.childNodes.map(read).join('') : '';
    return link === undefined ? inner : `[${inner}](${link})`;
  };
  return read(parseFragment(String(html)));
}

function saysNothing(value: unknown): boolean {
  return value === null || value === undefined || value === '' || value === 0 || value === false;
}

function same(given: unknown, kept: unknown): boolean {
  if (given === kept) return true;
  return (
    typeof given === 'string' && typeof kept === 'string' && isTime(given) && Date.parse(given) === Date.parse(kept)
  );
}

function isTime(text: string): boolean {
  return /^\d{4}-\d\d-\d\dT/.test(text);
}
