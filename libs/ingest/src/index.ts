export { IngestModule } from './ingest.module.ts';
export { toPublicPost } from './mastodon/to-public-post.ts';
export type { IngestOptions, SourceOptions, StreamName } from './options.ts';
