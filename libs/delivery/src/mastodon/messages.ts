import type { EventText } from '../feed/view.ts';

const EVENTS = { post: 'update', edit: 'status.update', delete: 'delete', gap: undefined } as const;

/** An event as Mastodon's streaming API has it. */
export interface Message {
  event: NonNullable<(typeof EVENTS)[EventText['type']]>;
  /** JSON of a status, or an id. */
  payload: string;
}

/** Gaps have no form there. */
export function toMessages(events: readonly EventText[]): Message[] {
  return events.flatMap(({ type, json }) => {
    const event = EVENTS[type];
    if (event === undefined) return [];
    return { event, payload: event === 'delete' ? (JSON.parse(json) as { id: string }).id : json };
  });
}
