import { jsonSchemas, ref, type SchemaName } from './schemas.ts';

interface Message {
  summary: string;
  payload: SchemaName;
  /** Of requests: what is acknowledged with, if not a refusal. */
  answer?: SchemaName;
}

const SENT: Record<string, Message> = {
  subscribe: {
    summary: 'Begins, or takes the place of, the subscription',
    payload: 'SubscribeRequest',
    answer: 'SubscribeAnswer',
  },
  'update-filter': {
    summary: 'Changes its filter where it stands',
    payload: 'UpdateFilterRequest',
    answer: 'UpdateFilterAnswer',
  },
  history: { summary: 'Asks for stored posts, the newest first', payload: 'HistoryRequest', answer: 'HistoryAnswer' },
};

const RECEIVED: Record<string, Message> = {
  posts: { summary: 'Events in the order of the store', payload: 'PostsFrame' },
  gap: { summary: 'Posts of that time are missing', payload: 'GapNotice' },
  lagging: { summary: 'How many events the client is behind', payload: 'Lagging' },
  waiting: { summary: 'How many clients are before it, until its past is read', payload: 'Waiting' },
  error: { summary: 'What went wrong', payload: 'Error' },
};

const ALL = Object.entries({ ...SENT, ...RECEIVED });
const CHANNEL = { $ref: '#/channels/feed' };

/** Names of events in the document: it allows no more signs than these. */
const key = (event: string) => event.replace('-', '_');
const messageRef = (event: string) => ({ $ref: `#/channels/feed/messages/${key(event)}` });
const answerKey = (event: string) => `${key(event)}_answer`;

/** The Socket.IO interface of a gateway, generated from what checks its requests. Actions are the hub's. */
export function asyncApi(): object {
  const answers = Object.entries(SENT).map(([event]) => [
    answerKey(event),
    { $ref: `#/components/messages/${answerKey(event)}` },
  ]);
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Mastodon Stream Hub over Socket.IO',
      version: '1.0.0',
      description:
        'Events of Socket.IO 4. Requests are answered by acknowledgement. A key or token goes into `auth.token`.',
    },
    defaultContentType: 'application/json',
    servers: {
      gateway: { host: 'localhost:8080', protocol: 'ws', pathname: '/socket.io/', description: 'Socket.IO 4' },
    },
    channels: {
      feed: {
        address: '/',
        description: 'The default namespace.',
        messages: {
          ...Object.fromEntries(ALL.map(([event]) => [key(event), { $ref: `#/components/messages/${key(event)}` }])),
          ...(Object.fromEntries(answers) as object),
        },
      },
    },
    operations: {
      ...Object.fromEntries(Object.keys(SENT).map((event) => [key(event), request(event)])),
      ...Object.fromEntries(
        Object.keys(RECEIVED).map((event) => [
          key(event),
          { action: 'send', channel: CHANNEL, messages: [messageRef(event)] },
        ]),
      ),
    },
    components: { schemas: jsonSchemas(), messages: messages() },
  };
}

function request(event: string): object {
  const answer = { $ref: `#/channels/feed/messages/${answerKey(event)}` };
  return {
    action: 'receive',
    channel: CHANNEL,
    messages: [messageRef(event)],
    reply: { channel: CHANNEL, messages: [answer] },
  };
}

function messages(): object {
  const events = ALL.map(([name, { summary, payload }]) => [key(name), { name, summary, payload: ref(payload) }]);
  const answers = Object.entries(SENT).flatMap(([event, { answer }]) =>
    answer === undefined
      ? []
      : [[answerKey(event), { name: `${event}: acknowledgement`, payload: { oneOf: [ref(answer), ref('Refusal')] } }]],
  );
  return Object.fromEntries([...events, ...answers]) as object;
}

/** What clients send and get, for holding the document to the code. */
export const EVENTS = { sent: Object.keys(SENT), received: Object.keys(RECEIVED) };
