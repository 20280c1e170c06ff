import { FOLD_VALUE, VALUE_FIELDS, type ValueField } from './filter-values.ts';
import type { Filter } from './filter.ts';
import { knownLength, knownValues, knownWords } from './known-post.ts';
import type { Post } from './post.ts';
import { containsPhrase, words } from './text.ts';

type Test = (post: Post) => boolean;

/** Prepares a filter to be asked of many posts. */
export function compileFilter(filter: Filter): Test {
  const { reply, sensitive, bot, min_length: minLength, not = {} } = filter;
  const tests = listTests(filter);
  if (reply !== undefined) tests.unshift((p) => (p.in_reply_to_id !== null) === reply);
  if (sensitive !== undefined) tests.unshift((p) => p.sensitive === sensitive);
  if (bot !== undefined) tests.unshift((p) => p.account.bot === bot);
  if (minLength !== undefined) tests.unshift((p) => knownLength(p) >= minLength);
  const exclusions = listTests(not);
  // Loops: this is asked of many posts by many filters.
  return (post) => {
    for (const test of tests) if (!test(post)) return false;
    for (const test of exclusions) if (test(post)) return false;
    return true;
  };
}

/** One test for each list that is given; each holds if one value of its list does. */
function listTests(lists: Pick<Filter, ValueField | 'keyword' | 'media'>): Test[] {
  const tests: Test[] = [];
  if (lists.media !== undefined) tests.push(mediaTest(lists.media));
  for (const field of VALUE_FIELDS) {
    const values = lists[field];
    if (values !== undefined) tests.push(valueTest(field, values));
  }
  if (lists.keyword !== undefined) tests.push(keywordTest(lists.keyword));
  return tests;
}

function valueTest(field: ValueField, values: readonly string[]): Test {
  const wanted = new Set(values.map(FOLD_VALUE[field]));
  return (post) => knownValues(field, post).some((value) => wanted.has(value));
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
