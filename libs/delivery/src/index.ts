export { DeliveryModule } from './delivery.module.ts';
export type { DeliveryOptions } from './delivery.options.ts';
export { Feed } from './feed/feed.ts';
