import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type { HubClient, HubEvent } from '@hub/client';
import type { TailOptions } from './options.ts';
import { render } from './render.ts';

/** Prints events until `signal` is aborted. Returns the position to come back with, if there is one. */
export async function tail(
  hub: HubClient,
  { filter, json, last, cursor: from }: TailOptions,
  out: Writable,
  signal: AbortSignal,
): Promise<string | undefined> {
  const print = async (event: HubEvent): Promise<void> => {
    const { cursor, type, data } = event;
    const text = json ? `${JSON.stringify({ cursor, type, data })}\n` : render(event);
    if (!out.write(text)) await once(out, 'drain', { signal }).catch(() => undefined);
  };
  let cursor = from;
  if (last !== undefined) {
    const page = await hub.history({ filter, limit: last });
    cursor = page.cursor;
    for (const data of page.posts.toReversed()) await print({ type: 'post', cursor, data });
  }
  const subscription = hub.subscribe({ filter, signal, ...(cursor !== undefined && { cursor }) });
  for await (const event of subscription) await print(event);
  return subscription.cursor;
}
