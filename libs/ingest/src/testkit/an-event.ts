import { PublicPost, type PostEvent } from '@hub/contracts/proto';

/** A created post; `content` makes it as large as the test needs. */
export function anEvent(id: number | string, content = 'x'): PostEvent {
  const localId = String(id);
  const post = PublicPost.create({ id: localId, uri: `https://a.example/${localId}`, visibility: 'public', content });
  return {
    source: 'a.example',
    localId,
    observedAt: new Date(),
    ingestSequence: 1,
    stream: 'public',
    event: { $case: 'created', value: { post } },
  };
}
