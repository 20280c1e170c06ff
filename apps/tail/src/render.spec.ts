import { describe, expect, it } from '@jest/globals';
import { aGap, aPost } from '@hub/storage/testkit';
import pc from 'picocolors';
import { render } from './render.ts';

const plain = pc.createColors(false);
const cursor = 'c';

describe('render', () => {
  it('shows a post with all that a reader should know', () => {
    const post = aPost({
      text: 'first line\nsecond line',
      language: 'ja',
      spoiler_text: 'food',
      sensitive: true,
      tags: [{ name: 'Ramen', url: '' }],
      account: { display_name: 'Ada', acct: 'ada@social.example' },
    });
    const text = render({ type: 'post', cursor, data: post }, plain);
    expect(text).toMatch(/^\d\d:\d\d:\d\d Ada @ada@social\.example ja via social\.example\n/);
    expect(text).toContain('\n  CW: food\n  first line\n  second line\n  #ramen\n  https://');
    expect(text).toMatch(/\n\n$/);
  });

  it('lists the hashtags that the text does not show', () => {
    const tags = ['Cats', 'Dogs'].map((name) => ({ name, url: '' }));
    const text = render({ type: 'post', cursor, data: aPost({ text: '#CATS rule\n', tags }) }, plain);
    expect(text).toContain('\n  #CATS rule\n  #dogs\n');
  });

  it('shows edits, deletions and gaps as such', () => {
    expect(render({ type: 'edit', cursor, data: aPost() }, plain)).toMatch(/^edited \d\d:/);
    expect(render({ type: 'delete', cursor, data: { id: '1', uri: 'https://a.example/1' } }, plain)).toBe(
      'deleted https://a.example/1\n\n',
    );
    expect(render({ type: 'gap', cursor, data: aGap().gap }, plain)).toContain('not read');
    const closed = aGap({ closed_at: '2026-11-01T13:00:00.000Z' }).gap;
    expect(render({ type: 'gap', cursor, data: closed }, plain)).toContain('read after all');
  });

  it('lets no post steer the terminal', () => {
    const evil = 'a\u001B[2Jb\u009B31mc\u202Ed\u0007e\rf';
    const post = aPost({ text: evil, spoiler_text: evil, account: { display_name: evil } });
    const text = render({ type: 'post', cursor, data: post }, plain);
    expect(text).toContain('a[2Jb31mcdef');
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202E]/u);
  });

  it('colours only when asked', () => {
    const post = { type: 'post', cursor, data: aPost() } as const;
    expect(render(post, pc.createColors(true))).toContain('\u001B[');
    expect(render(post, plain)).not.toContain('\u001B[');
  });
});
