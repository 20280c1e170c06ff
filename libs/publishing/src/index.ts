export type { PublishingOptions } from './options.ts';
export { PUBLISHING_SERVICES, PublishingModule } from './publishing.module.ts';
