import { z } from 'zod';
import type { Message } from '../messages.ts';

/** The body of a push request, of which there is more than is used. */
const PUSH = z.object({
  subscription: z.string(),
  message: z.object({
    messageId: z.string().min(1),
    publishTime: z.iso.datetime({ offset: true }),
    data: z.base64().default(''),
    attributes: z.record(z.string(), z.string()).default({}),
    orderingKey: z.string().default(''),
  }),
});

export interface Pushed {
  /** projects/…/subscriptions/… */
  subscription: string;
  message: Message;
}

/** Nothing if it is no push of Pub/Sub's. */
export function readPush(body: unknown): Pushed | undefined {
  const { data } = PUSH.safeParse(body);
  if (data === undefined) return undefined;
  const { subscription, message } = data;
  const [, fraction = ''] = /\.(\d+)/.exec(message.publishTime) ?? [];
  const publishTime = {
    seconds: Math.floor(Date.parse(message.publishTime) / 1000),
    nanos: Number(fraction.padEnd(9, '0').slice(0, 9)),
  };
  return { subscription, message: { ...message, publishTime } };
}
