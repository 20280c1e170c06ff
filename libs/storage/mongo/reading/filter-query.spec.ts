import { describe, expect, it } from '@jest/globals';
import { filterQuery } from './filter-query.ts';

describe('filterQuery', () => {
  it('asks for canonical forms, one value or several', () => {
    expect(filterQuery({ hashtag: ['#Cats'], language: ['iw', 'he'], instance: ['EXAMPLE.org', 'b.example'] })).toEqual(
      [
        { 'find.languages': 'he' },
        { 'post.hub.hashtags': 'cats' },
        { 'post.hub.instance': { $in: ['example.org', 'b.example'] } },
      ],
    );
  });

  it('finds words in the index and phrases in the text', () => {
    expect(filterQuery({ keyword: ['Cat', 'dog'] })).toEqual([{ 'find.words': { $in: ['cat', 'dog'] } }]);
    expect(filterQuery({ keyword: ['the black cat'] })).toEqual([
      { 'find.words': 'black', 'find.text': / the black cat / },
    ]);
    expect(filterQuery({ keyword: ['cat', 'a b'] })).toEqual([
      { $or: [{ 'find.words': 'a', 'find.text': / a b / }, { 'find.words': 'cat' }] },
    ]);
  });

  it('knows that keywords without a word match nothing', () => {
    expect(filterQuery({ keyword: ['!'], bot: true })).toBeUndefined();
    expect(filterQuery({ keyword: ['!', 'cat'] })).toEqual([{ 'find.words': 'cat' }]);
    expect(filterQuery({})).toEqual([]);
  });

  it('asks for flags', () => {
    expect(filterQuery({ media: true, reply: false, sensitive: false, bot: true })).toEqual([
      { 'post.hub.media.0': { $exists: true } },
      { 'post.in_reply_to_id': null },
      { 'post.sensitive': false },
      { 'post.account.bot': true },
    ]);
    expect(filterQuery({ media: ['image'], reply: true })).toEqual([
      { 'post.hub.media': { $in: ['image'] } },
      { 'post.in_reply_to_id': { $ne: null } },
    ]);
  });

  it('asks for what must not be there', () => {
    expect(filterQuery({ not: { hashtag: ['#Cats', 'dogs'], media: ['video'], language: ['iw'] } })).toEqual([
      { 'find.languages': { $nin: ['he'] } },
      { 'post.hub.hashtags': { $nin: ['cats', 'dogs'] } },
      { 'post.hub.media': { $nin: ['video'] } },
    ]);
    expect(filterQuery({ min_length: 20, not: { keyword: ['Cat', '!'] } })).toEqual([
      { 'post.hub.searchable': true },
      { $expr: { $gte: [{ $strLenCP: '$post.hub.text' }, 20] } },
      { $nor: [{ 'find.words': 'cat' }] },
    ]);
    expect(filterQuery({ keyword: ['dog'], not: { keyword: ['!'] } })).toEqual([{ 'find.words': 'dog' }]);
  });
});
