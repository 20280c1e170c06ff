import { describe, expect, it } from '@jest/globals';
import { InvalidEventError, type PostEvent, type PublicPost } from '@hub/contracts/proto';
import { anEvent, aPublicPost, created } from './an-event.fixture.ts';
import { processEvent } from './process-event.ts';

const many = <T>(count: number, item: T): T[] => Array.from({ length: count }, () => item);

function nested(depth: number): PublicPost {
  return depth === 0 ? aPublicPost() : aPublicPost({ reblog: nested(depth - 1) });
}

const posts: [string, PublicPost][] = [
  ['post.id is missing', aPublicPost({ id: '' })],
  ['post.uri is missing', aPublicPost({ uri: '' })],
  ['post.uri is not a http(s) URL', aPublicPost({ uri: 'javascript:alert(1)' })],
  ['post.uri is not a http(s) URL', aPublicPost({ uri: 'https://x.example/"><script>' })],
  ['post.account is missing', { ...aPublicPost(), account: undefined }],
  ['post.account has neither acct nor username', aPublicPost({ account: { id: '1' } })],
  ['post.created_at is missing', { ...aPublicPost(), createdAt: undefined }],
  ['post.created_at is not a time', { ...aPublicPost(), createdAt: new Date(Number.NaN) }],
  ['post.created_at is not a time', { ...aPublicPost(), createdAt: new Date(8.64e15) }],
  ['post.edited_at is not a time', { ...aPublicPost(), editedAt: new Date(Number.NaN) }],
  ['post.reblog.uri is missing', aPublicPost({ reblog: aPublicPost({ uri: '' }) })],
  ['post.quote.quoted_status.id is missing', aPublicPost({ quote: { quotedStatus: aPublicPost({ id: '' }) } })],
  ['HTML beyond', aPublicPost({ content: 'x'.repeat(1_000_001) })],
  ['text beyond', aPublicPost({ spoilerText: 'x'.repeat(100_001) })],
  ['number of elements beyond', aPublicPost({ tags: many(10_001, { name: 'a' }) })],
  ['more than 10000 HTML tags', aPublicPost({ content: '<b>'.repeat(10_001) })],
  ['more than 3 deep', nested(4)],
  ['more than 3 deep', nested(500)],
];

const events: [string, PostEvent][] = [
  ['names no source', created(aPublicPost(), { source: '' })],
  ['no usable local id', created(aPublicPost(), { localId: '' })],
  ['different ids', created(aPublicPost(), { localId: '102' })],
  ['carries no post', anEvent('1', { $case: 'created', value: { post: undefined } })],
  ['says nothing', anEvent('1', undefined)],
  ['no usable local id', anEvent('', { $case: 'deleted', value: { reason: '' } })],
  [
    'no span of time',
    anEvent('', {
      $case: 'gap',
      value: { from: undefined, to: new Date(1), reason: 'restarted', closedAt: undefined },
    }),
  ],
  [
    'no span of time',
    anEvent('', {
      $case: 'gap',
      value: { from: new Date(2), to: new Date(1), reason: 'restarted', closedAt: undefined },
    }),
  ],
  [
    'no reason',
    anEvent('', { $case: 'gap', value: { from: new Date(1), to: new Date(2), reason: '<b>', closedAt: undefined } }),
  ],
];

describe('what is no event', () => {
  it.each([...posts.map(([message, post]) => [message, created(post, { localId: '101' })] as const), ...events])(
    '%s',
    (message, event) => {
      const process = () => processEvent(event, 'default');
      expect(process).toThrow(InvalidEventError);
      expect(process).toThrow(message);
    },
  );

  it('carries the largest that is let through, in bounded time', () => {
    const start = performance.now();
    const content = `<p>${'word '.repeat(190_000)}</p>${'<b>'.repeat(4_900)}${'</i>'.repeat(4_900)}`;
    const processed = processEvent(created(aPublicPost({ content, tags: many(10_000, { name: 'a' }) })), 'default');
    expect(processed.kind).toBe('change');
    expect(performance.now() - start).toBeLessThan(3_000);
  });

  it('drops times that no calendar knows where the post can do without', () => {
    const bad = new Date(Number.NaN);
    const post = aPublicPost({ poll: { id: '1' } });
    if (post.account !== undefined) post.account.createdAt = bad;
    if (post.poll !== undefined) post.poll.expiresAt = bad;
    expect(processEvent(created(post), 'default')).toMatchObject({
      change: { post: { account: { created_at: null }, poll: { expires_at: null } } },
    });
  });
});
