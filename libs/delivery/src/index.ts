export { DeliveryModule } from './delivery.module.ts';
export type { DeliveryOptions } from './delivery.options.ts';
export { Feed } from './feed/feed.ts';
export { FeedSocketAdapter } from './socket/feed-socket.adapter.ts';
