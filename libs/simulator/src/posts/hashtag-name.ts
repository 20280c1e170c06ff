const LATIN_MARKS = /([a-z])[\u0300-\u036f]+/g;
const SPECIAL: Readonly<Record<string, string>> = {
  đ: 'd',
  ð: 'd',
  ħ: 'h',
  ı: 'i',
  ł: 'l',
  ø: 'o',
  ŧ: 't',
  þ: 'th',
  ß: 'ss',
};

/** A hashtag's name as Mastodon files it: width and case folded, accents of Latin letters taken off. */
export function hashtagName(tag: string): string {
  const folded = tag.normalize('NFKC').replace(/^#/, '').toLowerCase().normalize('NFD').replace(LATIN_MARKS, '$1');
  return folded.normalize('NFC').replace(/[đðħıłøŧþß]/g, (letter) => SPECIAL[letter] ?? letter);
}
