import { hasMedia, hasTag, isLocal, type Post } from '../posts/post.ts';
import { hashtagName } from '../posts/hashtag-name.ts';
import { MastodonError } from '../mastodon-error.ts';

/** A stream that can be listened to. */
export interface Channel {
  /** The same for the same stream, however it was asked for. */
  key: string;
  /** As frames name it: a hashtag's stream has the hashtag beside it, as the client wrote it. */
  name: string[];
  carries(post: Post): boolean;
}

/**
 * Boosts and answers to others are among the posts, as on servers that are set to show them (glitch-soc has the
 * settings): Mastodon itself leaves them out, and readers would never meet them.
 */
const anything = () => true;
const PUBLIC: Readonly<Record<string, (post: Post) => boolean>> = {
  public: anything,
  'public:media': hasMedia,
  'public:local': isLocal,
  'public:local:media': (post) => isLocal(post) && hasMedia(post),
  'public:remote': (post) => !isLocal(post),
  'public:remote:media': (post) => !isLocal(post) && hasMedia(post),
};
/** Streams of a user: there, but nothing ever happens on them. */
const PERSONAL = new Set(['user', 'user:notification', 'direct', 'list']);

/** @throws MastodonError 400 for a stream that does not exist or a hashtag stream without a hashtag */
export function channelOf(stream: string, tag: string | undefined): Channel {
  const carries = PUBLIC[stream];
  if (carries !== undefined) return { key: stream, name: [stream], carries };
  if (PERSONAL.has(stream)) return { key: stream, name: [stream], carries: () => false };
  if (stream !== 'hashtag' && stream !== 'hashtag:local') throw new MastodonError(400, 'Unknown stream type');
  if (tag === undefined || tag === '') throw new MastodonError(400, 'Missing tag name parameter');
  const wanted = hashtagName(tag);
  const local = stream === 'hashtag:local';
  return {
    key: `${stream}/${tag}`,
    name: [stream, tag],
    // Boosts do not count as posts with a hashtag.
    carries: (post) => hasTag(post, wanted) && post.status.reblog === null && (!local || isLocal(post)),
  };
}
