export { openPubSubBroker, type PubSubBroker } from './broker.ts';
export type { PubSubBrokerOptions } from './options.ts';
export { PushSubscription } from './push-subscription.ts';
export type { GoogleTokenOptions } from './push/google-token.ts';
export { PubSubPushModule } from './push/push.module.ts';
