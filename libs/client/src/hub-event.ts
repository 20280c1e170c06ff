import type { Cursor, FeedEvent } from '@hub/contracts';

/** An event and the position after it: keep `cursor`, and a later subscription goes on right there. */
export type HubEvent = FeedEvent & { cursor: Cursor };
