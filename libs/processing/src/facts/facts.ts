import type { PostFacts } from '@hub/contracts';
import type { PublicPost } from '@hub/contracts/proto';
import { mediaKind } from '../json/to-media.ts';
import { emojiIn } from './emoji.ts';
import { hashtags } from './hashtags.ts';
import { readHtml } from './read-html.ts';

/** Where and when a post was read, and what its author allows. */
export interface Observation {
  source: string;
  localId: string;
  observedAt: Date;
  searchable: boolean;
  trendable: boolean;
}

/** What the hub reads out of a cleaned post; of a boost, out of what it boosts, with the booster as author. */
export function readFacts(post: PublicPost, seen: Observation): PostFacts {
  const shown = post.reblog ?? post;
  const { text, links } = readHtml(shown.content);
  const acct = post.account?.acct ?? '';
  return {
    source: seen.source,
    local_id: seen.localId,
    instance: acct.slice(acct.lastIndexOf('@') + 1),
    observed_at: seen.observedAt.toISOString(),
    text,
    hashtags: hashtags(shown.tags, text),
    links,
    media: [...new Set(shown.mediaAttachments.map(({ type }) => mediaKind(type)))],
    emoji: emojiIn(`${shown.spoilerText}\n${text}`, shown.emojis),
    searchable: seen.searchable,
    trendable: seen.trendable,
  };
}
