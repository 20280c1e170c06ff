import { FOLD_VALUE, POST_VALUES, VALUE_FIELDS, type Filter, type Post, type ValueField } from '@hub/contracts';
import type { Reference } from '@hub/storage';

/** Each kind of term has its prefix in the table. */
const PREFIX: Record<ValueField, string> = { account: 'a', mention: 'm', hashtag: 't', instance: 'i', language: 'l' };

/** The terms of which a filter wants at least one; undefined: any post will do. */
export function wantedTerms(filter: Pick<Filter, ValueField>, field: ValueField): string[] | undefined {
  const values = filter[field];
  return values === undefined
    ? undefined
    : [...new Set(values.map((value) => `${PREFIX[field]}:${FOLD_VALUE[field](value)}`))];
}

export function referenceTerm(kind: Reference['kind'], uri: string): string {
  return `${kind}:${uri}`;
}

/** All terms by which a post is found, each once: what the filter of @hub/contracts compares. */
export function termsOf(post: Post, references: readonly Reference[]): string[] {
  const terms = new Set<string>();
  for (const field of VALUE_FIELDS) {
    for (const value of POST_VALUES[field](post)) terms.add(`${PREFIX[field]}:${value}`);
  }
  for (const { kind, uri } of references) terms.add(referenceTerm(kind, uri));
  return [...terms];
}
