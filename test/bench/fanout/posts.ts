import { readFileSync, writeFileSync } from 'node:fs';
import type { Post } from '@hub/contracts';
import { toPublicPost } from '@hub/ingest';
import { processEvent } from '@hub/processing';
import { shapes } from '../pipeline/posts.ts';

/** Writes posts as the hub gives them out, made of what the simulator's servers send: one JSON a line. */
export async function writePosts(path: string): Promise<void> {
  const observedAt = new Date();
  const lines: string[] = [];
  for (const [n, status] of (await shapes()).entries()) {
    const post = toPublicPost(status);
    const localId = post.id;
    const event = { $case: 'created', value: { post } } as const;
    const ids = { source: 'bench.example', localId, observedAt, ingestSequence: n + 1, stream: 'public' };
    const done = processEvent({ ...ids, event }, 'off');
    if (done.kind === 'change' && done.change.kind === 'upsert') lines.push(JSON.stringify(done.change.post));
  }
  writeFileSync(path, lines.join('\n'));
}

/** Post number n, the same at every server but for the moment. */
export interface BenchPosts {
  post(n: number): Post;
  /** As a store hands it out: text. Made of parts, because a store's work is not measured. */
  json(n: number): string;
}

/** Posts without end, of those in a file. */
export function readPosts(path: string): BenchPosts {
  const posts = readFileSync(path, 'utf8')
    .split('\n')
    .map((line) => JSON.parse(line) as Post);
  const parts = posts.map((post) =>
    JSON.stringify({ ...post, hub: { ...post.hub, local_id: '@', observed_at: '@' } }).split('"@"'),
  );
  const now = () => new Date().toISOString();
  return {
    post: (n) => {
      const post = of(posts, n);
      return { ...post, hub: { ...post.hub, local_id: String(n), observed_at: now() } };
    },
    json: (n) => {
      const [before, between, after] = of(parts, n);
      return `${before}"${n}"${between}"${now()}"${after}`;
    },
  };
}

function of<T>(values: readonly T[], n: number): T {
  const value = values[n % values.length];
  if (value === undefined) throw new Error('There are no posts.');
  return value;
}
