import { describe, expect, it } from '@jest/globals';
import { hashtagName } from './hashtag-name.ts';

describe('hashtagName', () => {
  it.each([
    ['#CatsOfMastodon', 'catsofmastodon'],
    ['Fotografía', 'fotografia'],
    ['Straßenbahn', 'strassenbahn'],
    ['İstanbul', 'istanbul'],
    ['Ｐｙｔｈｏｎ', 'python'],
    ['ﾗｰﾒﾝ', 'ラーメン'],
    ['プログラミング', 'プログラミング'],
    ['किताबें', 'किताबें'],
    ['Київ', 'київ'],
    ['تصوير', 'تصوير'],
  ])('files %s as %s', (tag, name) => expect(hashtagName(tag)).toBe(name));
});
