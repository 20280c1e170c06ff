import { describe, expect, it } from '@jest/globals';
import { simpleAccount, simplePost } from '../testing/simple-post.ts';
import { limitsOf, limitsOfPost } from './consent.ts';

describe('limitsOf', () => {
  it.each([
    [{}, []],
    [{ noindex: true }, ['noindex']],
    [{ note: '<p>Hi. #NoBot</p>' }, ['opt_out_tag']],
    [{ note: 'no <a href="https://x.example/tags/nobot">#<span>nobot</span></a>' }, ['opt_out_tag']],
    [{ fields: [{ name: 'crawlers', value: '#noindex', verified_at: null }] }, ['opt_out_tag']],
    [{ note: '<p>#nobotany and nobot</p>' }, []],
    [{ indexable: false, discoverable: false }, ['not_indexable', 'not_discoverable']],
    [{ indexable: null, discoverable: null }, []],
  ])('of %j are %j', (fields, limits) => expect(limitsOf(simpleAccount(fields))).toEqual(limits));

  it('includes the author of what is boosted', () => {
    const boosted = simplePost({ account: simpleAccount({ noindex: true }) }).status;
    expect(limitsOfPost(simplePost({ reblog: boosted }).status)).toEqual(['noindex']);
  });
});
