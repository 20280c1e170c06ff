import { webUrl } from './url.ts';

/*
 * What Mastodon 4.5 leaves in a post from elsewhere (its Sanitize::Config::MASTODON_STRICT), with two differences:
 * links lead to the web only, and say noreferrer as well.
 * https://github.com/mastodon/mastodon/blob/main/lib/sanitize_ext/sanitize_config.rb
 */

export const TAGS = new Set('p br span a del s pre blockquote code b strong u i em ul ol li ruby rt rp'.split(' '));

/** Shown as a paragraph in bold. */
export const HEADINGS = ['h1', 'h2', 'h3', 'h4', 'h5', 'h6'];

/** Not shown, but they part what stands in them from what stands around them. */
export const BLOCKS = (
  'address article aside center dd details div dl dt fieldset figcaption figure footer form header hgroup hr main ' +
  'nav section summary table td th tr'
).split(' ');

/** Gone with all that is in them: none of it is text for a reader. */
export const VOID_OF_TEXT = (
  'applet embed frame frameset head iframe math noembed noframes noscript object option plaintext script select style ' +
  'svg template textarea title xmp'
).split(' ');

const ALLOWED_CLASS = /^(?:(?:h|p|u|dt|e)-[\w-]*|mention|hashtag|ellipsis|invisible|quote-inline)$/;
const LANGUAGE = /^[a-z0-9-]{1,35}$/i;
const WHOLE_NUMBER = /^-?\d{1,9}$/;

type Attributes = Record<string, string>;

/** The attributes that an element keeps; undefined if only what it holds may stay. */
export function keptAttributes(tag: string, given: Attributes): Attributes | undefined {
  const kept: Attributes = {};
  if (tag === 'a') {
    const href = webUrl(given['href']?.trim() ?? '');
    if (href === '') return undefined;
    kept['href'] = href;
  }
  if (tag === 'a' || tag === 'span' || tag === 'p') keepClasses(kept, given['class']);
  if ((tag === 'a' || tag === 'span') && given['translate'] === 'no') kept['translate'] = 'no';
  if (tag === 'a') {
    kept['rel'] = 'nofollow noopener noreferrer';
    kept['target'] = '_blank';
  }
  keepIf(kept, 'lang', given['lang'], LANGUAGE);
  if (tag === 'li') keepIf(kept, 'value', given['value'], WHOLE_NUMBER);
  if (tag === 'ol') {
    keepIf(kept, 'start', given['start'], WHOLE_NUMBER);
    if (given['reversed'] !== undefined) kept['reversed'] = '';
  }
  return kept;
}

function keepClasses(kept: Attributes, given: string | undefined): void {
  const classes = given?.split(/\s+/).filter((name) => ALLOWED_CLASS.test(name)) ?? [];
  if (classes.length > 0) kept['class'] = classes.join(' ');
}

function keepIf(kept: Attributes, name: string, value: string | undefined, form: RegExp): void {
  if (value !== undefined && form.test(value)) kept[name] = value;
}
