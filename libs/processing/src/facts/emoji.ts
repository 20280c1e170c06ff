import { LRUCache } from 'lru-cache';

/** An emoji as people see one: a family is one, not four. A list of thousands: costly to look for. */
const EMOJI = /\p{RGI_Emoji}/gv;
/** Characters side by side of which all emoji are made, and few other words of any script. */
const RUN =
  /(?:[0-9#*]\ufe0f?\u20e3|\u200d|\ufe0f|[\xa9\xae\u203c-\u2bff\u3030\u303d\u3297\u3299]|[\ud83c-\ud83e\udb40][\udc00-\udfff])+/g;
/** A shortcode that stands alone. */
const SHORTCODE = /(?<![\p{L}\p{N}:]):[\p{L}\p{N}_\-]+:(?![\p{L}\p{N}:])/gv;

interface Found {
  emoji: string;
  index: number;
}

/** What runs hold: people use few of them, again and again. Longer ones, in units of UTF-16, are pictures. */
const known = new LRUCache<string, readonly Found[]>({ max: 5_000 });
const MAX_KNOWN = 32;

/** Emoji of a text in the order in which they first appear, each once; of shortcodes only those that are listed. */
export function emojiIn(text: string, listed: readonly { shortcode: string }[]): string[] {
  const unicode = unicodeEmoji(text);
  const custom = listed.length > 0 && text.includes(':') ? shortcodes(text, listed) : [];
  // No character can be part of both.
  const all = custom.length === 0 ? unicode : [...unicode, ...custom].sort((a, b) => a.index - b.index);
  return [...new Set(all.map(({ emoji }) => emoji))];
}

function unicodeEmoji(text: string): Found[] {
  return Array.from(text.matchAll(RUN), ({ 0: run, index: start }) =>
    emojiOfRun(run).map(({ emoji, index }) => ({ emoji, index: start + index })),
  ).flat();
}

function emojiOfRun(run: string): readonly Found[] {
  const found = known.get(run) ?? matches(run, EMOJI);
  if (run.length <= MAX_KNOWN) known.set(run, found);
  return found;
}

function shortcodes(text: string, listed: readonly { shortcode: string }[]): Found[] {
  const listedCodes = new Set(listed.map(({ shortcode }) => `:${shortcode}:`));
  return matches(text, SHORTCODE).filter(({ emoji }) => listedCodes.has(emoji));
}

function matches(text: string, pattern: RegExp): Found[] {
  return Array.from(text.matchAll(pattern), ({ 0: emoji, index }) => ({ emoji, index }));
}
