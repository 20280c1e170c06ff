import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import Ajv from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { anUpsert, aGap, aPost } from '@hub/storage/testkit';
import { openTestStore, startGateway, type TestGateway } from '../../../../test/support/gateway.ts';
import { listen } from '../../../../test/support/listen.ts';
import { jsonSchemas } from './schemas.ts';

jest.setTimeout(30_000);

interface OpenApiDocument {
  paths: Record<string, { get: { responses: Record<string, { content: Record<string, { schema?: object }> }> } }>;
}

describe('the documents', () => {
  let opened: Awaited<ReturnType<typeof openTestStore>>;
  let hub: TestGateway;
  const post = aPost({ text: 'one', hub: { local_id: '1' } });
  beforeAll(async () => {
    opened = await openTestStore();
    hub = await startGateway(opened);
    await opened.apply([anUpsert(post), aGap()]);
  });
  afterAll(async () => {
    await hub.stop();
    await opened[Symbol.asyncDispose]();
  });

  const ajv = new Ajv.default({ strict: false });
  addFormats.default(ajv);
  ajv.addSchema({ $id: 'hub', components: { schemas: jsonSchemas() } });
  /** What is wrong with a value by the schemas. */
  const problems = (schema: object, value: unknown) => {
    const text = JSON.stringify(schema).replaceAll('"#/', '"hub#/');
    const validate = ajv.compile(JSON.parse(text) as object);
    return validate(value) ? [] : validate.errors;
  };

  it('say of HTTP answers what these are', async () => {
    const { paths } = (await (await fetch(`${hub.url}/openapi.json`)).json()) as OpenApiDocument;
    const asked = {
      '/api/v1/posts': '/api/v1/posts',
      '/api/v1/posts/{id}': `/api/v1/posts/${post.id}`,
      '/api/v1/gaps': '/api/v1/gaps',
      '/api/v1/timelines/public': '/api/v1/timelines/public',
      '/api/v1/statuses/{id}': `/api/v1/statuses/${post.id}`,
    };
    for (const [path, url] of Object.entries(asked)) {
      const schema = paths[path]!.get.responses['200']!.content['application/json']!.schema!;
      expect([path, problems(schema, await (await fetch(hub.url + url)).json())]).toEqual([path, []]);
    }
    for (const url of ['/api/v1/posts/none', '/api/v1/posts?limit=0', '/api/v1/timelines/public?limit=x']) {
      const path = url.startsWith('/api/v1/timelines') ? '/api/v1/timelines/public' : '/api/v1/posts';
      const schema = paths[path]!.get.responses['400']!.content['application/json']!.schema!;
      expect([url, problems(schema, await (await fetch(hub.url + url)).json())]).toEqual([url, []]);
    }
  });

  it('say of messages what these are', async () => {
    const response = await fetch(`${hub.url}/asyncapi.json`);
    const { components } = (await response.json()) as { components: { messages: Record<string, { payload: object }> } };
    using client = await listen(hub.url);
    const check = (name: string, value: unknown) =>
      expect([name, problems(components.messages[name]!.payload, value)]).toEqual([name, []]);
    check('history_answer', await client.socket.emitWithAck('history', {}));
    check('subscribe_answer', await client.socket.emitWithAck('subscribe', {}));
    check('subscribe_answer', await client.raw.emitWithAck('subscribe', { cursor: 5 }));
    check('update_filter_answer', await client.socket.emitWithAck('update-filter', { filter: { language: ['en'] } }));
    await opened.apply([anUpsert(aPost({ text: 'two', hub: { local_id: '2' } })), aGap({ source: 'other.example' })]);
    await client.until(() => client.frames.length > 0 && client.gaps.length > 0);
    for (const frame of client.frames) check('posts', frame);
    for (const gap of client.gaps) check('gap', gap);
    expect(problems(components.messages['posts']!.payload, { cursor: 1, events: [{}] })).not.toEqual([]);
  });

  it('take the posts that the tests of filters use', () => {
    const vectors = JSON.parse(readFileSync('test/vectors/filters.json', 'utf8')) as { cases: { filter: unknown }[] };
    const lists = vectors.cases.filter(({ filter }) =>
      Object.values(filter as object).every((value) => typeof value !== 'string'),
    );
    expect(lists.length).toBeGreaterThan(10);
    for (const { filter } of lists.slice(0, 10)) {
      const problem = problems({ $ref: '#/components/schemas/Filter' }, filter);
      expect([filter, problem]).toEqual([filter, []]);
    }
  });
});
