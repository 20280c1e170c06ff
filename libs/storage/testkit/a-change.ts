import { createHash } from 'node:crypto';
import type { Gap, Post } from '@hub/contracts';
import type { DeleteChange, GapChange, Reference, UpsertChange } from '@hub/storage';

/** The first sight of a post as the processor would hand it to a store; `edited: true` makes it an observed edit. */
export function anUpsert(post: Post, fields: Partial<Omit<UpsertChange, 'kind' | 'post'>> = {}): UpsertChange {
  return {
    kind: 'upsert',
    source: post.hub.source,
    localId: post.hub.local_id,
    post,
    version: { at: Date.parse(post.edited_at ?? post.created_at), sequence: 1 },
    edited: false,
    fingerprint: fingerprint(post),
    references: references(post),
    ...fields,
  };
}

export function aDelete(post: Post): DeleteChange {
  return { kind: 'delete', source: post.hub.source, localId: post.hub.local_id };
}

export function aGap(fields: Partial<Gap> = {}): GapChange {
  return {
    kind: 'gap',
    gap: {
      source: 'social.example',
      stream: 'public',
      from: '2026-11-01T12:00:00.000Z',
      to: '2026-11-01T12:05:00.000Z',
      reason: 'disconnected',
      ...fields,
    },
  };
}

function fingerprint({ content, spoiler_text, sensitive, language, media_attachments, poll }: Post): string {
  const said = [content, spoiler_text, sensitive, language, media_attachments, poll?.options];
  return createHash('sha256').update(JSON.stringify(said)).digest('hex').slice(0, 16);
}

function references({ reblog, quote }: Post): Reference[] {
  const found: Reference[] = [];
  if (reblog !== null) found.push({ kind: 'boost', uri: reblog.uri, localId: reblog.id });
  const quoted = quote?.quoted_status;
  if (quoted) found.push({ kind: 'quote', uri: quoted.uri, localId: quoted.id });
  return found;
}
