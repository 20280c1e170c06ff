import { FOLD_VALUE, knownValues, knownWords, words, type Filter, type Post, type ValueField } from '@hub/contracts';

type Field = ValueField | 'keyword';

/** The most telling first: a filter stands in the index under the first of these that it names. */
const FIELDS: readonly Field[] = ['account', 'mention', 'hashtag', 'keyword', 'instance', 'language'];

/** What a filter's value is looked up by, in the form in which `valuesOf` finds it in a post. */
const KEY: Record<Field, (value: string) => string | undefined> = {
  ...FOLD_VALUE,
  // The longest word of a phrase is likely the rarest.
  keyword: (phrase) => words(phrase).reduce<string | undefined>(longer, undefined),
};

function longer(one: string | undefined, other: string): string {
  return one !== undefined && one.length >= other.length ? one : other;
}

/** What of a post a filter's value may be equal to. */
function valuesOf(field: Field, post: Post): Iterable<string> {
  return field === 'keyword' ? new Set(knownWords(post)) : knownValues(field, post);
}

/** Holders of filters, found by what a post says, so that a post is held against few of many distinct filters. */
export class FilterIndex<T> {
  readonly #byField = new Map<Field, Map<string, Set<T>>>();
  /** Of filters that name none of the fields. */
  readonly #rest = new Set<T>();

  add(filter: Filter, holder: T): void {
    const place = placeOf(filter);
    if (place === undefined) this.#rest.add(holder);
    else for (const key of place.keys) this.#holders(place.field, key).add(holder);
  }

  /** With the filter that the holder was added with. */
  remove(filter: Filter, holder: T): void {
    const place = placeOf(filter);
    if (place === undefined) this.#rest.delete(holder);
    else for (const key of place.keys) this.#removeFrom(place.field, key, holder);
  }

  /** All holders whose filter may accept the post, each once; few others. Asks for the post only if a filter does. */
  candidates(item: { readonly post: Post }): Set<T> {
    const found = new Set(this.#rest);
    for (const [field, holders] of this.#byField) {
      for (const value of valuesOf(field, item.post)) {
        for (const holder of holders.get(value) ?? []) found.add(holder);
      }
    }
    return found;
  }

  #holders(field: Field, key: string): Set<T> {
    const ofField = this.#byField.get(field) ?? new Map<string, Set<T>>();
    const holders = ofField.get(key) ?? new Set<T>();
    this.#byField.set(field, ofField.set(key, holders));
    return holders;
  }

  #removeFrom(field: Field, key: string, holder: T): void {
    const ofField = this.#byField.get(field);
    const holders = ofField?.get(key);
    holders?.delete(holder);
    if (holders?.size === 0) ofField?.delete(key);
    if (ofField?.size === 0) this.#byField.delete(field);
  }
}

function placeOf(filter: Filter): { field: Field; keys: Set<string> } | undefined {
  const field = FIELDS.find((name) => filter[name] !== undefined);
  if (field === undefined) return undefined;
  const keys = (filter[field] ?? []).map(KEY[field]).filter((key) => key !== undefined);
  return { field, keys: new Set(keys) };
}
