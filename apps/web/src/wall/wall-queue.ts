import type { Post } from '@hub/client';

/** What a hall full of people may see unasked: nothing that its author or a server covers. */
export function fitsWall(post: Post): boolean {
  const {
    sensitive,
    spoiler_text,
    reblog,
    content,
    media_attachments: media,
  } = post.reblog ? { ...post, ...post.reblog } : post;
  return (
    !sensitive && spoiler_text === '' && (reblog === null || !reblog.sensitive) && (content !== '' || media.length > 0)
  );
}

/** The next post to feature: the newest that was not shown yet, else the one after the present. */
export function nextOnWall(
  posts: readonly Post[],
  shown: ReadonlySet<string>,
  present: string | undefined,
): Post | undefined {
  const fitting = posts.filter(fitsWall);
  const fresh = fitting.find(({ id }) => !shown.has(id));
  if (fresh !== undefined) return fresh;
  const index = fitting.findIndex(({ id }) => id === present);
  return fitting[(index + 1) % Math.max(1, fitting.length)];
}
