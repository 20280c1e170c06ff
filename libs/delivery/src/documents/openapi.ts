import { jsonSchemas, ref, type SchemaName } from './schemas.ts';

type Parameter = { name: string; in: 'query' | 'path' | 'header'; required?: boolean; schema: object };
type Security = 'key' | 'none';
interface Route {
  summary: string;
  parameters?: Parameter[];
  /** Of the answer with status 200: a schema, or the media type of what is none. */
  answer: SchemaName | { mediaType: string };
  failure?: SchemaName;
  /** Errors besides those of all guarded routes. */
  errors?: number[];
  security?: Security;
}

const JSON_TYPE = 'application/json';
const EVENT_STREAM = { mediaType: 'text/event-stream' };
const PLAIN = { mediaType: 'text/plain' };
const ANY_JSON = { mediaType: JSON_TYPE };
const GUARDED_ERRORS = [400, 401, 403, 429, 503];

const text = { type: 'string' };
const query = (name: string, schema: object = text): Parameter => ({ name, in: 'query', schema });
const limit = (maximum: number, byDefault: number) =>
  query('limit', { type: 'integer', minimum: 1, maximum, default: byDefault });
const id: Parameter = { name: 'id', in: 'path', required: true, schema: text };

const flags = (...names: string[]) => names.map((name) => query(name, { type: 'boolean' }));
const timeline = [
  query('max_id'),
  query('since_id'),
  query('min_id'),
  limit(40, 20),
  ...flags('local', 'remote', 'only_media'),
];
const tag: Parameter = { name: 'tag', in: 'path', required: true, schema: text };
const tags = ['any[]', 'none[]'].map((name) => query(name, { type: 'array', items: text }));

const mastodon = (summary: string, answer: Route['answer'], parameters: Parameter[] = []): Route => ({
  summary,
  answer,
  parameters,
  failure: 'MastodonFailure',
  errors: [404],
});
const open = (summary: string, answer: Route['answer'], errors: number[] = []): Route => ({
  summary,
  answer,
  errors,
  security: 'none',
});
const streaming = (of: string, parameters: Parameter[] = []) =>
  mastodon(`Mastodon's stream of ${of}`, EVENT_STREAM, [...parameters, ...flags('only_media')]);

/** Every GET route of a gateway. `filter` stands for the fields of a filter. */
function routes(filter: Parameter[]): Record<string, Route> {
  const lastEventId: Parameter = { name: 'Last-Event-ID', in: 'header', schema: text };
  return {
    '/': open('The web page', { mediaType: 'text/html' }),
    '/api/v1/feed': {
      summary: 'The feed as server-sent events: id is the cursor, event the type, data the JSON of it',
      parameters: [...filter, query('cursor'), lastEventId],
      answer: EVENT_STREAM,
    },
    '/api/v1/posts': {
      summary: 'Stored posts, the newest first',
      parameters: [...filter, query('before'), limit(100, 40)],
      answer: 'HistoryPage',
    },
    '/api/v1/posts/{id}': { summary: 'A post', parameters: [id], answer: 'Post', errors: [404] },
    '/api/v1/gaps': { summary: 'What was not read, the newest first', parameters: [limit(100, 40)], answer: 'Gaps' },
    '/api/v1/timelines/public': mastodon('Stored posts, as Mastodon has them', 'Posts', timeline),
    '/api/v1/timelines/tag/{tag}': mastodon('The same with a hashtag', 'Posts', [tag, ...tags, ...timeline]),
    '/api/v1/statuses/{id}': mastodon('A post, by its id of these timelines', 'Post', [id]),
    '/api/v1/streaming': streaming('any kind', [query('stream'), query('tag')]),
    '/api/v1/streaming/public': streaming('all posts'),
    '/api/v1/streaming/public/local': streaming('nobody: a hub has no accounts'),
    '/api/v1/streaming/public/remote': streaming('all posts'),
    '/api/v1/streaming/hashtag': streaming('posts with a hashtag', [query('tag')]),
    '/api/v1/streaming/hashtag/local': streaming('nobody', [query('tag')]),
    '/api/v1/streaming/health': open('OK', PLAIN),
    '/api/v2/instance': open('What the server is, as Mastodon has it', ANY_JSON),
    '/api/v1/instance': open('The same for older clients', ANY_JSON),
    '/openapi.json': open('This document', ANY_JSON),
    '/asyncapi.json': open('The document of what is said over Socket.IO', ANY_JSON),
    '/health/live': open('The process answers', ANY_JSON, [503]),
    '/health/ready': open('What it stands on answers, too', ANY_JSON, [503]),
    '/metrics': open('Metrics for Prometheus', PLAIN),
  };
}

/** The HTTP interface of a gateway, generated from what checks its requests. */
export function openApi(): object {
  const schemas = jsonSchemas();
  const paths = Object.entries(routes(filterParameters(schemas))).map(([path, route]) => [
    path,
    { get: operation(path, route) },
  ]);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Mastodon Stream Hub',
      version: '1.0.0',
      description: 'Public posts of several servers: stored, live, and as a Mastodon server has them.',
    },
    servers: [{ url: '/' }],
    paths: Object.fromEntries(paths) as object,
    components: {
      schemas,
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'An API key or a token, where ACCESS_MODE is token.' },
        parameter: { type: 'apiKey', in: 'query', name: 'access_token' },
      },
    },
  };
}

/** As URLs have it: `not.` before what is not wanted, lists repeated or separated by commas. */
function filterParameters(schemas: Record<string, object>): Parameter[] {
  const { properties = {} } = schemas['Filter'] as { properties?: Record<string, object> };
  return Object.entries(properties).flatMap(([name, schema]) => {
    if (name !== 'not') return query(name, schema);
    const { properties: unwanted = {} } = schema as { properties?: Record<string, object> };
    return Object.entries(unwanted).map(([field, of]) => query(`not.${field}`, of));
  });
}

function operation(path: string, route: Route): object {
  const { summary, parameters = [], answer, failure = 'Failure', errors = [], security = 'key' } = route;
  const content = typeof answer === 'string' ? { [JSON_TYPE]: { schema: ref(answer) } } : { [answer.mediaType]: {} };
  const statuses = [...(security === 'key' ? GUARDED_ERRORS : []), ...errors];
  const failed = (status: number) => ({
    description: DESCRIPTIONS[status],
    content: { [JSON_TYPE]: { schema: ref(failure) } },
  });
  return {
    operationId: path.replaceAll(/\W+(\w?)/g, (_, letter: string) => letter.toUpperCase()) || 'page',
    summary,
    parameters,
    ...(security === 'key' && { security: [{}, { bearer: [] }, { parameter: [] }] }),
    responses: {
      200: { description: 'What was asked for.', content },
      ...Object.fromEntries(statuses.map((status) => [status, failed(status)])),
    },
  };
}

const DESCRIPTIONS: Record<number, string> = {
  400: 'The request has to be mended.',
  401: 'A key or token is asked for.',
  403: 'The key or token does not allow it.',
  404: 'There is no such thing, or not any more.',
  429: 'Too often: Retry-After says when to come back.',
  503: 'Not now: come back.',
};
