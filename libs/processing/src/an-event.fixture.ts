import { PostEvent, PublicPost } from '@hub/contracts/proto';

type Partials = Parameters<typeof PublicPost.fromPartial>[0];

const CREATED = new Date('2026-11-01T10:00:00.250Z');
export const OBSERVED = new Date('2026-11-01T10:00:01.000Z');

/** For specs: a complete public post, changed as given. */
export function aPublicPost(changes: Partials = {}): PublicPost {
  return PublicPost.fromPartial({
    id: '101',
    uri: 'https://home.example/users/ada/statuses/101',
    url: 'https://home.example/@ada/101',
    createdAt: CREATED,
    visibility: 'public',
    content: '<p>Hello</p>',
    account: { id: '7', username: 'ada', acct: 'ada', url: 'https://home.example/@ada' },
    ...changes,
  });
}

export function created(post: PublicPost, changes: Partial<PostEvent> = {}): PostEvent {
  return anEvent(post.id, { $case: 'created', value: { post } }, changes);
}

export function edited(post: PublicPost, changes: Partial<PostEvent> = {}): PostEvent {
  return anEvent(post.id, { $case: 'edited', value: { post } }, changes);
}

export function anEvent(localId: string, event: PostEvent['event'], changes: Partial<PostEvent> = {}): PostEvent {
  return {
    source: 'home.example',
    localId,
    observedAt: OBSERVED,
    ingestSequence: 1_793_527_201_000_000,
    stream: 'public',
    event,
    ...changes,
  };
}
