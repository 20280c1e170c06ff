import type { Change } from '@hub/storage';
import { gapKey, nameOf } from '../records/keys.ts';

/** That a post is called something at a source. */
export interface Telling {
  name: string;
  uri: string;
}

/** What an upsert tells of names: its own and those of the posts that it embeds. */
function tellings(change: Change): Telling[] {
  if (change.kind !== 'upsert') return [];
  const { source, localId, post, references } = change;
  return [
    { name: nameOf(source, localId), uri: post.uri },
    ...references.map(({ localId, uri }) => ({ name: nameOf(source, localId), uri })),
  ];
}

/** What a batch speaks of, each once. */
export interface Subjects {
  tellings: Telling[];
  /** Names that deletions give. */
  deleted: Set<string>;
  names: Set<string>;
  uris: Set<string>;
  gaps: Set<string>;
}

export function subjectsOf(changes: readonly Change[]): Subjects {
  const told = changes.flatMap(tellings);
  const deleted = changes.flatMap((change) =>
    change.kind === 'delete' ? [nameOf(change.source, change.localId)] : [],
  );
  return {
    tellings: told,
    deleted: new Set(deleted),
    names: new Set([...told.map(({ name }) => name), ...deleted]),
    uris: new Set(told.map(({ uri }) => uri)),
    gaps: new Set(changes.flatMap((change) => (change.kind === 'gap' ? [gapKey(change.gap)] : []))),
  };
}
