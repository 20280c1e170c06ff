import { HubError, type Filter } from '@hub/contracts';
import { z } from 'zod';
import { checkFilter } from '../requests.ts';
import { timelineFilter } from './timeline-query.ts';

const STREAM = 'must be the name of a stream';
const TAG = 'must be a tag of 200 characters at most';

/** As they come. */
export const streamName = z.string(STREAM).max(100, STREAM);
export const streamTag = z.string(TAG).max(200, TAG).optional();

/** A stream as Mastodon's clients name it. */
export interface StreamName {
  stream: string;
  tag?: string;
}

/** What a stream shows. Throws a HubError of code bad_request for streams of accounts, and a ZodError for a tag that is none. */
export function streamFilter({ stream, tag }: StreamName): Filter {
  const [kind, ...details] = stream.split(':');
  const base = timelineFilter({ local: details.includes('local'), only_media: details.includes('media') });
  const isKnown = details.every((detail) => ['local', 'remote', 'media'].includes(detail));
  if (kind === 'public' && isKnown) return base;
  if (kind === 'hashtag' && isKnown && tag !== undefined) return checkFilter({ ...base, hashtag: [tag] });
  throw new HubError('bad_request', 'There is no such stream here: public, public:media, or hashtag with a tag.');
}

/** The names that a message carries: of its stream, and of its tag. */
export function streamPath({ stream, tag }: StreamName): string[] {
  return tag === undefined ? [stream] : [stream, tag];
}
