export type {
  Cursor,
  ErrorCode,
  Filter,
  Gap,
  HistoryPage,
  HistoryRequest,
  MediaKind,
  Post,
  PostRemoval,
} from '@hub/contracts';
export type { Connectivity } from './connectivity.ts';
export { webCursorStore, type CursorStore } from './cursor-store.ts';
export { HubClientError } from './hub-client.error.ts';
export { connectHub, HubClient, type HubClientOptions } from './hub-client.ts';
export type { HubEvent } from './hub-event.ts';
export type { ConnectionState, HubSubscription, SubscribeOptions } from './hub-subscription.ts';
export type { Token } from './socket.ts';
