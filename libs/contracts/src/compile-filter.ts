import { FOLD_VALUE, POST_VALUES, type ValueField } from './filter-values.ts';
import type { Filter } from './filter.ts';
import type { Post } from './post.ts';
import { containsPhrase, words } from './text.ts';

type Test = (post: Post) => boolean;

/** Cheap and telling ones first. */
const FIELDS: readonly ValueField[] = ['language', 'hashtag', 'instance', 'account', 'mention'];

/** Words of what a reader sees as text, the content warning and the content; captions and polls are left out. */
export function postWords(post: Pick<Post, 'spoiler_text' | 'hub'>): string[] {
  return words(`${post.spoiler_text}\n${post.hub.text}`);
}

/** A post is asked by many filters: its words are looked for once. */
const wordsOf = new WeakMap<Post, string[]>();

/** The words of a post, as postWords; remembered for the next who asks. */
export function knownWords(post: Post): string[] {
  const known = wordsOf.get(post) ?? postWords(post);
  wordsOf.set(post, known);
  return known;
}

/** Prepares a filter to be asked of many posts. */
export function compileFilter(filter: Filter): Test {
  const { reply, sensitive, bot, min_length: minLength, not = {} } = filter;
  const tests = listTests(filter);
  if (reply !== undefined) tests.unshift((p) => (p.in_reply_to_id !== null) === reply);
  if (sensitive !== undefined) tests.unshift((p) => p.sensitive === sensitive);
  if (bot !== undefined) tests.unshift((p) => p.account.bot === bot);
  if (minLength !== undefined) tests.unshift((p) => textLength(p) >= minLength);
  const exclusions = listTests(not);
  return (post) => tests.every((test) => test(post)) && !exclusions.some((test) => test(post));
}

/** Characters (Unicode code points) of the text, as `min_length` counts them. */
export function textLength({ hub }: Pick<Post, 'hub'>): number {
  let length = 0;
  for (const _ of hub.text) length++;
  return length;
}

/** One test for each list that is given; each holds if one value of its list does. */
function listTests(lists: Pick<Filter, ValueField | 'keyword' | 'media'>): Test[] {
  const tests: Test[] = [];
  if (lists.media !== undefined) tests.push(mediaTest(lists.media));
  for (const field of FIELDS) {
    const values = lists[field];
    if (values !== undefined) tests.push(valueTest(field, values));
  }
  if (lists.keyword !== undefined) tests.push(keywordTest(lists.keyword));
  return tests;
}

function valueTest(field: ValueField, values: readonly string[]): Test {
  const wanted = new Set(values.map(FOLD_VALUE[field]));
  const valuesOf = POST_VALUES[field];
  return (post) => valuesOf(post).some((value) => wanted.has(value));
}

function keywordTest(keywords: readonly string[]): Test {
  const phrases = keywords.map(words);
  return (post) => {
    const text = knownWords(post);
    return phrases.some((phrase) => containsPhrase(text, phrase));
  };
}

function mediaTest(wanted: NonNullable<Filter['media']>): Test {
  if (typeof wanted === 'boolean') return (post) => post.hub.media.length > 0 === wanted;
  const kinds = new Set(wanted);
  return (post) => post.hub.media.some((kind) => kinds.has(kind));
}
