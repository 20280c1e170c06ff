import { POST_VALUES, type ValueField } from './filter-values.ts';
import type { Post } from './post.ts';
import { words } from './text.ts';

/** What was looked for in a post. Many filters ask for the same: it is looked for once. */
interface Known {
  words?: readonly string[];
  length?: number;
  values: Partial<Record<ValueField, readonly string[]>>;
}

const known = new WeakMap<Post, Known>();

function knownOf(post: Post): Known {
  let found = known.get(post);
  if (found === undefined) known.set(post, (found = { values: {} }));
  return found;
}

type Text = Pick<Post, 'spoiler_text' | 'hub'>;

/** What a reader sees as text, the content warning and the content; captions and polls are left out. */
function readableText({ spoiler_text, hub }: Text): string {
  return `${spoiler_text}\n${hub.text}`;
}

/** The text in which search finds a post by its words: none if the author does not allow that. */
export function searchableText(post: Text): string {
  return post.hub.searchable ? readableText(post) : '';
}

/** A character that UTF-16 has in two units. */
const SURROGATE_PAIR = /[\ud800-\udbff][\udc00-\udfff]/g;

/** Characters (Unicode code points) of the text, as `min_length` counts them. */
export function textLength({ hub }: Pick<Post, 'hub'>): number {
  return hub.text.length - (hub.text.match(SURROGATE_PAIR)?.length ?? 0);
}

/** The words of what a reader sees as text; remembered for the next who asks. */
export function knownWords(post: Post): readonly string[] {
  return (knownOf(post).words ??= words(readableText(post)));
}

/** As textLength; remembered. */
export function knownLength(post: Post): number {
  return (knownOf(post).length ??= textLength(post));
}

/** As POST_VALUES; remembered. */
export function knownValues(field: ValueField, post: Post): readonly string[] {
  return (knownOf(post).values[field] ??= POST_VALUES[field](post));
}
