export { IngestModule } from './ingest.module.ts';
export { IngestService } from './ingest.service.ts';
export type { SourceState, SourceStatus } from './source/source-record.ts';
export { toPublicPost } from './mastodon/to-public-post.ts';
export type { IngestOptions, SourceOptions, StreamName } from './options.ts';
