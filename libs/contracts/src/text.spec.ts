import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { textLength } from './known-post.ts';
import { canonicalLanguage, foldAccount, foldHashtag, foldHost } from './names.ts';
import { containsPhrase, words } from './text.ts';

interface Vectors {
  words: { text: string; words: string[] }[];
  phrases: { text: string; phrase: string; found: boolean }[];
  hashtags: { name: string; folded: string }[];
  accounts: { name: string; folded: string }[];
  hosts: { host: string; folded: string }[];
  languages: { tag: string; canonical: string | null }[];
}

const file = new URL('../../../test/vectors/text.json', import.meta.url);
const vectors = JSON.parse(readFileSync(file, 'utf8')) as Vectors;

describe('textLength', () => {
  it('counts code points, as iterating over them does', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.integer({ min: 0xd7f0, max: 0xe010 }).map((c) => String.fromCharCode(c)) }),
        (text) => {
          const post = { hub: { text } } as Parameters<typeof textLength>[0];
          expect(textLength(post)).toBe(Array.from(text).length);
        },
      ),
    );
  });
});

describe('words', () => {
  it.each(vectors.words)('of $text', ({ text, words: expected }) => {
    expect(words(text)).toEqual(expected);
  });

  it('are the same when read again, so that what was found can be searched for', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const found = words(text);
        expect(words(found.join(' '))).toEqual(found);
      }),
    );
  });

  it('of ASCII are the same beside any other script', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect([...words(text), 'é']).toEqual(words(`${text} é`));
      }),
    );
  });

  it('are found as a phrase wherever they stand side by side', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 8 });
    fc.assert(
      fc.property(text, text, (all, phrase) => {
        const found = phrase.length > 0 && ` ${all.join(' ')} `.includes(` ${phrase.join(' ')} `);
        expect(containsPhrase(all, phrase)).toBe(found);
      }),
    );
  });
});

describe('names', () => {
  it.each(vectors.phrases)('phrase "$phrase" in "$text": $found', ({ text, phrase, found }) => {
    expect(containsPhrase(words(text), words(phrase))).toBe(found);
  });

  it.each(vectors.hashtags)('hashtag $name is $folded', ({ name, folded }) => {
    expect(foldHashtag(name)).toBe(folded);
  });

  it.each(vectors.accounts)('account $name is $folded', ({ name, folded }) => {
    expect(foldAccount(name)).toBe(folded);
  });

  it.each(vectors.hosts)('host $host is $folded', ({ host, folded }) => {
    expect(foldHost(host)).toBe(folded);
  });

  it.each(vectors.languages)('language $tag is $canonical', ({ tag, canonical }) => {
    expect(canonicalLanguage(tag)).toBe(canonical);
    expect(canonicalLanguage(tag)).toBe(canonical);
  });

  it.each([
    ['hashtag', foldHashtag],
    ['account', foldAccount],
    ['host', foldHost],
  ])('%s: folding again changes nothing', (_what, fold) => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.emailAddress(), fc.domain()), (name) => {
        expect(fold(fold(name))).toBe(fold(name));
      }),
    );
  });

  it('leaves no host as it is that a URL would write in another way', () => {
    const host = fc.oneof(fc.domain(), fc.stringMatching(/^[a-z0-9-]{1,6}(\.[a-z0-9-]{1,6}){0,3}$/));
    fc.assert(
      fc.property(host, (name) => {
        const url = `https://${name}`;
        if (URL.canParse(url)) expect(foldHost(name)).toBe(new URL(url).host);
      }),
      { numRuns: 2_000 },
    );
  });

  it('does not keep each of the tags that nobody uses', () => {
    for (let i = 0; i < 3000; i++) canonicalLanguage(`x-${i}`);
    expect(canonicalLanguage('pt_br')).toBe('pt-BR');
  });
});
