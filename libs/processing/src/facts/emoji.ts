/**
 * An emoji as people see one: a family is one, not four. The look-ahead keeps the long list of sequences away from
 * what starts none, letters of any script above all: it is the most costly part of reading a post otherwise.
 */
const EMOJI = /(?=[\p{Emoji}--\p{ASCII}]|[0-9#*]\ufe0f?\u20e3)\p{RGI_Emoji}/gv;
/** A shortcode that stands alone. */
const SHORTCODE = /(?<![\p{L}\p{N}:]):[\p{L}\p{N}_\-]+:(?![\p{L}\p{N}:])/gv;
const BEYOND_ASCII = /[^\p{ASCII}]/v;

/** Emoji of a text in the order in which they first appear, each once; of shortcodes only those that are listed. */
export function emojiIn(text: string, listed: readonly { shortcode: string }[]): string[] {
  const unicode = BEYOND_ASCII.test(text) ? [...text.matchAll(EMOJI)] : [];
  const custom = listed.length > 0 && text.includes(':') ? shortcodes(text, listed) : [];
  // No character can be part of both.
  const all = custom.length === 0 ? unicode : [...unicode, ...custom].sort((a, b) => a.index - b.index);
  return [...new Set(all.map(([emoji]) => emoji))];
}

function shortcodes(text: string, listed: readonly { shortcode: string }[]): RegExpExecArray[] {
  const known = new Set(listed.map(({ shortcode }) => `:${shortcode}:`));
  return [...text.matchAll(SHORTCODE)].filter(([code]) => known.has(code));
}
