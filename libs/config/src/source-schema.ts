import { z } from 'zod';

/** A host name or URL; read as the origin. */
export const server = z
  .string()
  .transform((value) => (/^https?:\/\//i.test(value) ? value : `https://${value}`))
  .refine((value) => URL.canParse(value) && new URL(value).hostname.length > 0)
  .transform((value) => new URL(value).origin);

/** As Mastodon names its public streams; of a hashtag, hashtag:NAME. */
export const stream = z.union([
  z.enum(['public', 'public:local', 'public:remote']),
  z.templateLiteral(['hashtag:', z.string().min(1)]),
]);
export type StreamSetting = z.infer<typeof stream>;
