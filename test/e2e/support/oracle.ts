import type { FeedEvent, HistoryPage, Post } from '@hub/contracts';
import type { GroundTruth, TruthPost } from '@hub/simulator';
import { getJson } from './apps.ts';

/** Whether the default policy keeps a post. */
function carried({ consent }: TruthPost): boolean {
  return !consent.includes('noindex') && !consent.includes('opt_out_tag');
}

/** What a complete and truthful holder of posts has: uri → version. */
export function expected(truth: GroundTruth): Map<string, string> {
  return new Map(truth.posts.filter(carried).map(({ uri, version }) => [uri, version]));
}

export function versionOf(post: Post): string {
  return post.edited_at ?? post.created_at;
}

/** All posts of a hub's store, by paging through its history. */
export async function storedPosts(hubUrl: string): Promise<Map<string, Post>> {
  const posts = new Map<string, Post>();
  for (let before: string | null = ''; before !== null;) {
    const page: HistoryPage = await getJson(
      `${hubUrl}/api/v1/posts?limit=100${before === '' ? '' : `&before=${before}`}`,
    );
    for (const post of page.posts) {
      if (posts.has(post.uri)) throw new Error(`${post.uri} is stored twice`);
      posts.set(post.uri, post);
    }
    before = page.before;
  }
  return posts;
}

/** The same as uri → version, as `compare` takes them. */
export async function storedVersions(hubUrl: string): Promise<Map<string, string>> {
  return new Map([...(await storedPosts(hubUrl))].map(([uri, post]) => [uri, versionOf(post)]));
}

export interface Differences {
  missing: string[];
  /** Held, but deleted, opted out, or never public. */
  unwanted: string[];
  /** Held in another version than the last. */
  outdated: string[];
}

/** How a holder of posts differs from the truth: empty lists if it does not. */
export function compare(truth: GroundTruth, held: ReadonlyMap<string, string>): Differences {
  const wanted = expected(truth);
  return {
    missing: [...wanted.keys()].filter((uri) => !held.has(uri)),
    unwanted: [...held.keys()].filter((uri) => !wanted.has(uri)),
    outdated: [...wanted].flatMap(([uri, version]) => (held.has(uri) && held.get(uri) !== version ? [uri] : [])),
  };
}

export const NO_DIFFERENCES: Differences = { missing: [], unwanted: [], outdated: [] };

export function isSame(differences: Differences): boolean {
  return Object.values(differences).every((uris: string[]) => uris.length === 0);
}

export interface Replayed {
  held: Map<string, string>;
  /** The same version of the same post a second time, or an older one after a newer, or a post after its deletion. */
  faults: string[];
}

/** What a reader holds who applied these events in order, and what was wrong with them. */
export function replay(events: readonly FeedEvent[]): Replayed {
  const held = new Map<string, string>();
  const gone = new Set<string>();
  const seen = new Map<string, string>();
  const faults: string[] = [];
  for (const event of events) {
    if (event.type === 'gap') continue;
    const { uri } = event.data;
    if (event.type === 'delete') {
      if (gone.has(uri)) faults.push(`deleted twice: ${uri}`);
      gone.add(uri);
      held.delete(uri);
      continue;
    }
    const version = versionOf(event.data);
    const body = JSON.stringify(event.data);
    if (gone.has(uri)) faults.push(`back after its deletion: ${uri}`);
    if (event.type === 'post' && held.has(uri)) faults.push(`twice: ${uri}`);
    if (seen.get(uri) === body) faults.push(`same version twice: ${uri}`);
    if ((held.get(uri) ?? '') > version) faults.push(`older after newer: ${uri}`);
    held.set(uri, version);
    seen.set(uri, body);
  }
  return { held, faults };
}
