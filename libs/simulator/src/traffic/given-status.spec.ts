import { describe, expect, it } from '@jest/globals';
import { compareIds } from '../ids.ts';
import { simplePost } from '../testing/simple-post.ts';
import { applyGiven, givenStatusSchema } from './given-status.ts';

const NOW = Date.parse('2026-11-23T12:00:00.000Z');

describe('applyGiven', () => {
  it('changes what is given and leaves the rest', () => {
    const post = simplePost({ id: '117663536396664858', language: 'de' });
    const { account } = post.status;
    applyGiven(post, { spoiler_text: 'cw', account: { noindex: true } }, NOW);
    expect(post.status).toMatchObject({
      spoiler_text: 'cw',
      language: 'de',
      account: { noindex: true, username: 'ada' },
    });
    expect(account.noindex).toBeUndefined();
  });

  it('drops the entities of a text that was replaced', () => {
    const post = simplePost({ tags: [{ name: 'x', url: '' }] });
    applyGiven(post, { content: '<p>new</p>' }, NOW);
    expect(post.status.tags).toEqual([]);
  });

  it('gives an older post an older id', () => {
    const post = simplePost({ id: '117663536396664858' });
    applyGiven(post, { created_at: '2026-11-23T09:00:00.000Z' }, NOW);
    expect(compareIds(post.status.id, '117663536396664858')).toBeLessThan(0);
    expect(post.status.created_at).toBe('2026-11-23T09:00:00.000Z');
  });
});

describe('givenStatusSchema', () => {
  it('wants ids that are numbers and visibilities that exist', () => {
    expect(givenStatusSchema.safeParse({ id: 'x' }).success).toBe(false);
    expect(givenStatusSchema.safeParse({ visibility: 'secret' }).success).toBe(false);
    expect(givenStatusSchema.safeParse({ visibility: 'direct', poll: null }).success).toBe(true);
  });
});
