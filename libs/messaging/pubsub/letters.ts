import { DEAD_LETTER_HEADERS, readDeadLetter, type DeadLetter } from '@hub/messaging';
import { toEnvelope, type Message } from './messages.ts';

/** Why the server itself made a message a dead letter: it was delivered again and again, and never acknowledged. */
export const NEVER_ACKNOWLEDGED = 'never_acknowledged';

/** What the server adds to the dead letters that it makes. */
const SERVER = {
  subscription: 'CloudPubSubDeadLetterSourceSubscription',
  deliveries: 'CloudPubSubDeadLetterSourceDeliveryCount',
  publishedAt: 'CloudPubSubDeadLetterSourceTopicPublishTime',
} as const;

const SEPARATOR = '/';

/** Ids name when a letter was published and which one it is: in that order they are listed. */
export function letterId({ publishTime, messageId }: Message): string {
  const seconds = String(publishTime?.seconds ?? 0).padStart(12, '0');
  const nanos = String(publishTime?.nanos ?? 0).padStart(9, '0');
  return `${seconds}.${nanos}${SEPARATOR}${messageId ?? ''}`;
}

export function isLetterId(text: string): boolean {
  return /^\d{12}\.\d{9}\/./.test(text);
}

/** Of letters of one request, which have one time, the ids of the messages rise. */
export function compareIds(a: string, b: string): number {
  const [timeA = '', idA = ''] = a.split(SEPARATOR);
  const [timeB = '', idB = ''] = b.split(SEPARATOR);
  if (timeA !== timeB) return timeA < timeB ? -1 : 1;
  if (idA.length !== idB.length) return idA.length - idB.length;
  return idA < idB ? -1 : Number(idA > idB);
}

export function toLetter(message: Message): DeadLetter {
  const envelope = toEnvelope(message);
  const {
    [SERVER.deliveries]: deliveries,
    [SERVER.subscription]: from = '',
    [SERVER.publishedAt]: at = '',
  } = envelope.headers;
  const id = letterId(message);
  if (DEAD_LETTER_HEADERS.reason in envelope.headers || deliveries === undefined) return readDeadLetter(id, envelope);
  const others = Object.entries(envelope.headers).filter(([name]) => !name.startsWith('CloudPubSubDeadLetter'));
  return {
    ...envelope,
    id,
    headers: Object.fromEntries(others),
    reason: NEVER_ACKNOWLEDGED,
    detail: `delivered ${deliveries} times`,
    origin: `${from} (published ${at})`,
    failedAt: new Date(Number(message.publishTime?.seconds ?? 0) * 1000),
  };
}
