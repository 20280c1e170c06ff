import { act } from 'react';
import { describe, expect, it } from '@jest/globals';
import { aPost, embedded, type PostFields } from '@hub/storage/testkit';
import { change } from '../settings/settings.ts';
import { press, render } from '../testing/render.tsx';
import { PostItem } from './post-item.tsx';

let posts = 0;
const post = (fields: PostFields) => aPost({ ...fields, hub: { local_id: String(++posts) } });
const picture = (description: string | null) => ({
  id: `m${posts}`,
  type: 'image' as const,
  url: 'https://files.example/a.png',
  preview_url: 'https://files.example/a-small.png',
  remote_url: null,
  preview_remote_url: null,
  description,
  blurhash: null,
  meta: null,
});

describe('PostItem', () => {
  it('names the author as Mastodon does and leads to the original', async () => {
    const place = await render(<PostItem post={post({ account: { display_name: 'Ada', acct: 'ada@a.example' } })} />);
    expect(place.textContent).toContain('Ada');
    expect(place.textContent).toContain('@ada@a.example');
    expect(place.querySelector('[data-original]')?.getAttribute('href')).toMatch(/^https:\/\/social\.example\//);
  });

  it('covers what has a content warning until it is asked for, and again', async () => {
    const place = await render(<PostItem post={post({ spoiler_text: 'Spiders', text: 'eight legs' })} />);
    expect(place.textContent).toContain('Spiders');
    expect(place.textContent).not.toContain('eight legs');
    await press(place, 'Show more');
    expect(place.textContent).toContain('eight legs');
    await press(place, 'Show less');
    expect(place.textContent).not.toContain('eight legs');
  });

  it('does not fetch sensitive pictures until asked', async () => {
    const item = <PostItem post={post({ sensitive: true, media_attachments: [picture('a wound')] })} />;
    const place = await render(item);
    expect(place.querySelector('img[alt="a wound"]')).toBeNull();
    await press(place, 'Sensitive content');
    expect(place.querySelector('img[alt="a wound"]')?.getAttribute('src')).toBe('https://files.example/a-small.png');
  });

  it('loads no picture where none are wanted, and one when asked', async () => {
    change({ media: 'none' });
    const item = post({
      media_attachments: [picture('a heron')],
      account: { avatar_static: 'https://files.example/me.png' },
    });
    const place = await render(<PostItem post={item} />);
    expect(place.querySelectorAll('img')).toHaveLength(0);
    await press(place, 'a heron');
    expect(place.querySelectorAll('img')).toHaveLength(1);
    await act(async () => change({ media: 'show' }));
  });

  it('marks edits and bots, and says who boosted', async () => {
    const inner = post({ text: 'inside', edited_at: '2026-11-01T13:00:00.000Z', account: { bot: true } });
    const place = await render(<PostItem post={post({ reblog: embedded(inner), account: { display_name: 'Bo' } })} />);
    expect(place.textContent).toMatch(/Bo boosted.*inside.*edited.*bot/s);
  });

  it('shows a quoted post, or why it is not there', async () => {
    const quoted = embedded(post({ text: 'the original words' }));
    const accepted = { state: 'accepted', quoted_status: quoted, quoted_status_id: quoted.id };
    expect((await render(<PostItem post={post({ quote: accepted })} />)).textContent).toContain('the original words');
    const revoked = { state: 'revoked', quoted_status: null, quoted_status_id: null };
    expect((await render(<PostItem post={post({ quote: revoked })} />)).textContent).toContain('took this quote back');
  });

  it('shows a poll with its shares', async () => {
    const options = [
      { title: 'Tea', votes_count: 3 },
      { title: 'Coffee', votes_count: 1 },
    ];
    const poll = {
      id: '1',
      expires_at: null,
      expired: false,
      multiple: false,
      votes_count: 4,
      voters_count: 4,
      options,
      emojis: [],
    };
    const place = await render(<PostItem post={post({ poll })} />);
    expect([...place.querySelectorAll('li')].map(({ textContent }) => textContent)).toEqual(['Tea75%', 'Coffee25%']);
  });
});
