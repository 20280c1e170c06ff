import { describe, expect, it } from '@jest/globals';
import type { Media } from '../entities.ts';
import { simpleAccount, simplePost } from '../testing/simple-post.ts';
import { channelOf } from './channel.ts';

const picture: Media = {
  id: '1',
  type: 'image',
  url: null,
  preview_url: null,
  remote_url: null,
  preview_remote_url: null,
  text_url: null,
  meta: null,
  description: null,
  blurhash: null,
};
const posts = {
  remote: simplePost({ tags: [{ name: 'fotografia', url: '' }] }),
  local: simplePost({ account: simpleAccount({ acct: 'ada' }), media_attachments: [picture] }),
};

describe('channelOf', () => {
  it.each([
    ['public', undefined, ['remote', 'local']],
    ['public:local', undefined, ['local']],
    ['public:remote', undefined, ['remote']],
    ['public:media', undefined, ['local']],
    ['public:remote:media', undefined, []],
    ['hashtag', 'Fotografía', ['remote']],
    ['hashtag:local', 'fotografia', []],
    ['user', undefined, []],
  ] as const)('%s %s carries %j', (stream, tag, carried) => {
    const channel = channelOf(stream, tag);
    expect(channel.name).toEqual(tag === undefined ? [stream] : [stream, tag]);
    expect((['remote', 'local'] as const).filter((name) => channel.carries(posts[name]))).toEqual(carried);
  });

  it('knows what it does not have', () => {
    expect(() => channelOf('everything', undefined)).toThrow('Unknown stream type');
    expect(() => channelOf('hashtag', '')).toThrow('Missing tag name parameter');
  });
});
