export type { Cursor, Filter, Gap, HistoryPage, HistoryRequest, Post } from '@hub/contracts';
export { HubClientError } from './hub-client.error.ts';
export { connectHub, HubClient, type HubClientOptions } from './hub-client.ts';
export type { HubEvent } from './hub-event.ts';
export type { ConnectionState, HubSubscription, SubscribeOptions } from './hub-subscription.ts';
