import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileFilter, knownWords, type Filter, type Post } from '@hub/contracts';
import { FilterIndex } from '../../../libs/delivery/src/rooms/filter-index.ts';
import { readPosts, writePosts } from '../fanout/posts.ts';
import { machine } from '../support/peer.ts';

const POSTS = 400;
/** How many of 10,000 distinct filters are of which kind; `anything` names no field that is indexed. */
const KINDS = { hashtag: 4000, keyword: 3000, account: 2000, mention: 700, instance: 250, anything: 50 };
type Kind = keyof typeof KINDS;

/** One in so many asks for what the posts have; the others for what nobody speaks of now, as most distinct filters do. */
const RARE = 10;

function filterOf(kind: Kind, n: number, post: Post): Filter {
  const isOfPost = n % RARE === 0;
  const spoken = knownWords(post);
  const word = isOfPost ? (spoken[n % Math.max(1, spoken.length)] ?? 'word') : `word${n}`;
  const tag = isOfPost ? (post.hub.hashtags[0] ?? 'tag') : `tag${n}`;
  switch (kind) {
    case 'hashtag':
      return { hashtag: [tag, `other${n}`] };
    case 'keyword':
      return { keyword: [`${word} ${spoken[0] ?? ''} ${n}`, `${word}${n}`], language: ['en', 'de'] };
    case 'account':
      return { account: [isOfPost ? post.account.acct : `user${n}@example.org`, `other${n}@example.org`] };
    case 'mention':
      return { mention: [`user${n}@example.org`], not: { hashtag: ['ads'] } };
    case 'instance':
      return { instance: [isOfPost ? post.hub.instance : `host${n}.example`], keyword: [`word${n}`, word] };
    default:
      return { min_length: n, not: { keyword: [word] } };
  }
}

function filters(posts: readonly Post[]): Filter[] {
  return Object.entries(KINDS).flatMap(([kind, count]) =>
    Array.from({ length: count }, (_, n) => filterOf(kind as Kind, n, posts[n % posts.length] as Post)),
  );
}

/** CPU microseconds a post, and what was found. Each post is a new object: nothing of it is known yet. */
function measure(posts: readonly Post[], find: (post: Post) => number): { microseconds: number; matches: number } {
  const fresh = posts.map((post) => ({ ...post }));
  const before = process.cpuUsage();
  const matches = fresh.reduce((sum, post) => sum + find(post), 0);
  const { user, system } = process.cpuUsage(before);
  return { microseconds: (user + system) / posts.length, matches };
}

const folder = mkdtempSync(join(tmpdir(), 'hub-bench-'));
const path = join(folder, 'posts.ndjson');
await writePosts(path);
const source = readPosts(path);
rmSync(folder, { recursive: true });
const posts = Array.from({ length: POSTS }, (_, n) => source.post(n));

const compiled = filters(posts).map((filter) => ({ filter, accepts: compileFilter(filter) }));
const index = new FilterIndex<(post: Post) => boolean>();
for (const { filter, accepts } of compiled) index.add(filter, accepts);

const naive = (post: Post) => compiled.reduce((sum, { accepts }) => sum + (accepts(post) ? 1 : 0), 0);
const indexed = (post: Post) => {
  let found = 0;
  for (const accepts of index.candidates({ post })) if (accepts(post)) found++;
  return found;
};

for (const warmUp of [naive, indexed]) measure(posts.slice(0, 100), warmUp);
const results = { naive: measure(posts, naive), indexed: measure(posts, indexed) };
if (results.naive.matches !== results.indexed.matches) throw new Error('The index finds something else.');

console.log(`${compiled.length} distinct filters, ${POSTS} posts, ${machine()}\n`);
console.log('| evaluation | CPU µs a post | matches a post |');
console.log('| --- | --- | --- |');
for (const [name, { microseconds, matches }] of Object.entries(results)) {
  console.log(`| ${name} | ${microseconds.toFixed(1)} | ${(matches / POSTS).toFixed(1)} |`);
}
console.log(`\nThe index is ${(results.naive.microseconds / results.indexed.microseconds).toFixed(0)} times cheaper.`);
process.exit(0);
