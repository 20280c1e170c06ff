import type { MediaKind } from './post.ts';

/** Lists of values, of which one is enough. */
export interface FilterLists {
  /** BCP 47; `pt` also finds `pt-BR`. */
  language?: string[] | undefined;
  /** With or without '#'; case does not count. */
  hashtag?: string[] | undefined;
  /** Host of the author's server. */
  instance?: string[] | undefined;
  /** user@host, with or without a leading '@'. */
  account?: string[] | undefined;
  /** user@host or a profile URL, among those mentioned. */
  mention?: string[] | undefined;
  /**
   * Whole words in the text or the content warning; more than one word is a phrase. Live it sees every post; a search
   * of stored posts, also by words under `not`, shows only those whose author allows search.
   */
  keyword?: string[] | undefined;
}

/**
 * Which posts a reader wants. All given fields must hold; within a list one value is enough. Gaps and deletions
 * pass every filter. Field names are also those of the query parameters of REST and SSE, with `not.` before those of `not`.
 */
export interface Filter extends FilterLists {
  /** Has media (true), has none (false), or has one of these kinds. */
  media?: boolean | MediaKind[] | undefined;
  reply?: boolean | undefined;
  sensitive?: boolean | undefined;
  bot?: boolean | undefined;
  /** At least so many characters (Unicode code points) of `hub.text`. */
  min_length?: number | undefined;
  /** A post that has any of these values is left out, whatever else it has. */
  not?: (FilterLists & { media?: MediaKind[] | undefined }) | undefined;
}

/** Whether a reader with this filter is shown stored posts only of authors who allow search: it asks for words. */
export function searches({ keyword, not }: Filter): boolean {
  return keyword !== undefined || not?.keyword !== undefined;
}
