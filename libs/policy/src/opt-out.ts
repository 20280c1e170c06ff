import type { Account } from '@hub/contracts/proto';

const TAGS = 'nobots?|noindex|noarchive|nosearch|noai';

/** Few texts hold one of the words at all; only those are read closely. */
const WORD = new RegExp(TAGS, 'i');

/**
 * The tag as a hashtag of its own: not the end of an address or of another word, not the start of a longer tag. Which
 * server wrote it, and with what markup, does not matter: it is looked for in the text.
 */
const TAG = new RegExp(String.raw`(?<![\p{L}\p{N}_/=?])[#＃](?:${TAGS})(?![\p{L}\p{N}_])`, 'iu');

/** Whether the account has written into its name, bio or profile fields that robots shall leave it alone. */
export function optsOut({ displayName, note, fields }: Pick<Account, 'displayName' | 'note' | 'fields'>): boolean {
  return says(displayName) || says(note) || fields.some(({ name, value }) => says(name) || says(value));
}

function says(html: string): boolean {
  return WORD.test(html) && TAG.test(plain(html));
}

/** Tags that part words become white space; those within a line, nothing: '#<span>nobot</span>'. */
function plain(html: string): string {
  return html
    .replace(/<\/?(?:p|br|div|li|ul|ol|h[1-6]|blockquote)(?![a-z])[^<>]*>/gi, ' ')
    .replace(/<[^<>]*>/g, '')
    .replace(/&(?:#35|#x23|num);/gi, '#')
    .replace(/&nbsp;/g, ' ');
}
