import { describe, expect, it } from '@jest/globals';
import { Account } from '@hub/contracts/proto';
import { optsOut } from './opt-out.ts';

const inNote = (note: string) => optsOut(Account.fromPartial({ note }));

const mastodon = (tag: string) =>
  `<p>I paint. <a href="https://home.example/tags/${tag}" class="mention hashtag" rel="tag">#<span>${tag}</span></a></p>`;
const link = (shown: string, href: string) =>
  `<p><a href="${href}" target="_blank" rel="nofollow noopener" translate="no"><span class="invisible">https://</span><span class="ellipsis">${shown}</span></a></p>`;

describe('optsOut', () => {
  it.each([
    ['as Mastodon writes it', mastodon('nobot')],
    ['in capitals', mastodon('NoBots')],
    [
      'as GoToSocial writes it',
      '<p><a href="https://a.example/tags/noindex" class="mention hashtag" rel="tag nofollow">#<span>noindex</span></a></p>',
    ],
    [
      'as Pleroma writes it',
      '<a class="hashtag" data-tag="noarchive" href="https://a.example/tag/noarchive">#noarchive</a>',
    ],
    ['as Misskey writes it', '<p><a href="https://a.example/tags/nosearch" rel="tag">#nosearch</a></p>'],
    ['in plain text', 'Hello #nobot'],
    ['alone', '#noai'],
    ['after a line break', 'Hello<br>#nobot'],
    ['after a paragraph', '<p>I live in Rome</p><p>#nobot</p>'],
    ['at the end of a sentence', 'Please, #nobot.'],
    ['in brackets', '(#nobot)'],
    ['among others', '#cats #nobot #dogs'],
    ['right after a bracket', 'Ada (she/her)#nobot'],
    ['as an entity', 'a &#35;nobot'],
    ['full width', '＃nobot'],
    ['with markup around the sign', '<span class="x">#</span><b>nobot</b>'],
    ['with a class on the word', '#<span class="p-category">nobot</span>'],
  ])('finds the tag %s', (_what, note) => {
    expect(inNote(note)).toBe(true);
  });

  it.each([
    ['the fragment of an address', link('docs.example/robots#nobot', 'https://docs.example/robots#nobot')],
    ['the fragment of an address with a slash', link('docs.example/#noindex', 'https://docs.example/#noindex')],
    ['an address alone', '<a href="https://home.example/tags/nobot">a tag I follow</a>'],
    ['an attribute', '<a href="https://a.example" title="#nobot">x</a>'],
    ['a longer tag', mastodon('nobotany')],
    ['a tag that goes on', '#noai_art #noindex2'],
    ['the word without its sign', 'I made nobot, a NoAI noindex plugin'],
    ['a word that ends so', 'C#noai'],
    ['another tag', '#bot #index #AI #robots'],
    ['nothing', ''],
  ])('takes %s for none', (_what, note) => {
    expect(inNote(note)).toBe(false);
  });

  it('looks in the name and in profile fields too', () => {
    const fields = (name: string, value: string) =>
      optsOut(
        Account.fromPartial({
          fields: [
            { name: 'Web', value: 'x' },
            { name, value },
          ],
        }),
      );
    expect(optsOut(Account.fromPartial({ displayName: 'Ada #nobot' }))).toBe(true);
    expect(fields('Robots', mastodon('nobot'))).toBe(true);
    expect(fields('#noindex', 'please')).toBe(true);
    expect(fields('Robots', 'welcome')).toBe(false);
  });

  it('reads a long text in a short time', () => {
    const start = performance.now();
    for (const piece of ['<', '#', '<p', '#<b>', 'nobot<', '&#'])
      expect(inNote(`nobot${piece.repeat(100_000)}`)).toBe(false);
    expect(performance.now() - start).toBeLessThan(2_000);
  });
});
