import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { EventSource } from 'eventsource';
import { createStreamingAPIClient, type mastodon } from 'masto';
import { WebSocket } from 'ws';
import { runSimulator } from './testing/running.ts';

interface Frame {
  stream: string[];
  event: string;
  payload: string;
}

let simulator: Awaited<ReturnType<typeof runSimulator>>;
const open: { close: () => void }[] = [];
beforeEach(async () => {
  simulator = await runSimulator();
});
afterEach(async () => {
  for (const each of open.splice(0)) each.close();
  await simulator.close();
});

/** A WebSocket and the frames that it got; `until` resolves when there are so many. */
async function socket(query = '', options: { protocol?: string; headers?: Record<string, string> } = {}) {
  const url = `${simulator.url.replace('http', 'ws')}/api/v1/streaming${query}`;
  const ws = new WebSocket(url, options.protocol ?? [], { headers: options.headers ?? {} });
  open.push(ws);
  const frames: Frame[] = [];
  const texts: string[] = [];
  ws.on('message', (data: Buffer) => {
    texts.push(data.toString());
    try {
      frames.push(JSON.parse(data.toString()) as Frame);
    } catch {
      frames.push({ stream: [], event: 'unreadable', payload: '' });
    }
  });
  await once(ws, 'open');
  const until = async (count: number) => {
    while (frames.length < count) await once(ws, 'message');
    return frames;
  };
  return { ws, frames, texts, until };
}

const idOf = ({ event, payload }: Frame) => (event === 'delete' ? payload : (JSON.parse(payload) as { id: string }).id);

describe('WebSocket', () => {
  it('carries what happens, in order, and nothing that is not public', async () => {
    const { until } = await socket('?stream=public');
    const happened = await simulator.admin.ask<{ id: string; event: string; streamed: boolean }[]>('POST', 'emit', {
      count: 200,
    });
    const streamed = happened.filter((event) => event.streamed);
    const frames = await until(streamed.length);
    expect(frames.map((frame) => [frame.event, idOf(frame)])).toEqual(streamed.map(({ event, id }) => [event, id]));
    const { hidden } = await simulator.admin.truth();
    expect(hidden.length).toBeGreaterThan(5);
    const text = JSON.stringify(frames);
    for (const { marker, id } of hidden) expect([text.includes(marker), text.includes(id)]).toEqual([false, false]);
  });

  it('carries many streams over one connection, each once, as asked for', async () => {
    const { ws, until } = await socket();
    const say = (request: object) => ws.send(JSON.stringify(request));
    say({ type: 'subscribe', stream: 'public' });
    say({ type: 'subscribe', stream: ['public'] });
    say({ type: 'subscribe', stream: 'hashtag', tag: 'Größe' });
    say({ type: 'subscribe', stream: 'public:local' });
    say({ type: 'unsubscribe', stream: 'public:local' });
    ws.send('not JSON');
    say({ type: 'subscribe', stream: 'nonsense' });
    expect(await until(1)).toEqual([{ error: 'Unknown stream type', status: 400 }]);
    const [made] = await simulator.admin.emit('post', {
      account: { acct: 'local' },
      tags: [{ name: 'grosse', url: '' }],
    });
    const frames = await until(3);
    expect(frames.slice(1).map((frame) => [frame.stream, idOf(frame)])).toEqual([
      [['public'], made?.id],
      [['hashtag', 'Größe'], made?.id],
    ]);
  });

  it('wants a token where one is configured, in any of three places', async () => {
    await simulator.close();
    simulator = await runSimulator({ accessToken: 'right' });
    const refused = (query: string, options = {}) => expect(socket(query, options)).rejects.toThrow('401');
    await refused('?stream=public');
    await refused('?stream=public&access_token=wrong');
    await socket('?stream=public&access_token=right');
    await socket('?stream=public', { protocol: 'right' });
    await socket('?stream=public', { headers: { authorization: 'Bearer right' } });
    expect((await simulator.admin.stats()).subscriptions).toEqual({ public: 3 });
  });

  it('forgets a client that left', async () => {
    const { ws } = await socket('?stream=public');
    expect((await simulator.admin.stats()).connections).toEqual({ websocket: 1, sse: 0 });
    ws.close();
    await simulator.admin.listenedTo('public', 0);
    expect((await simulator.admin.stats()).connections).toEqual({ websocket: 0, sse: 0 });
  });
});

describe('masto', () => {
  it('reads posts, edits and deletions', async () => {
    const streamingApiUrl = simulator.url.replace('http', 'ws');
    const client = createStreamingAPIClient({ streamingApiUrl, implementation: WebSocket });
    open.push(client);
    const events: [string, string][] = [];
    const done = (async () => {
      for await (const { event, payload } of client.public.subscribe()) {
        events.push([event, typeof payload === 'string' ? payload : (payload as mastodon.v1.Status).id]);
        if (events.length === 3) return;
      }
    })();
    await simulator.admin.listenedTo('public');
    const [made] = await simulator.admin.emit('post');
    const id = made?.id ?? '';
    await simulator.admin.emit('direct');
    await simulator.admin.emit('edit', { id });
    await simulator.admin.emit('delete', { id });
    await done;
    expect(events).toEqual([
      ['update', id],
      ['status.update', id],
      ['delete', id],
    ]);
  });
});

describe('server-sent events', () => {
  it('carry what happens to an EventSource', async () => {
    const source = new EventSource(`${simulator.url}/api/v1/streaming/hashtag/local?tag=Cats`);
    open.push(source);
    const seen: [string, string][] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    for (const type of ['update', 'status.update', 'delete']) {
      source.addEventListener(type, ({ data }: { data: string }) => {
        seen.push([type, type === 'delete' ? data : (JSON.parse(data) as { id: string }).id]);
        if (type === 'delete') resolve();
      });
    }
    await simulator.admin.listenedTo('hashtag:local/Cats');
    const [made] = await simulator.admin.emit('post', {
      account: { acct: 'local' },
      tags: [{ name: 'cats', url: '' }],
    });
    await simulator.admin.emit('post', { account: { acct: 'far@away.example' }, tags: [{ name: 'cats', url: '' }] });
    await simulator.admin.emit('edit', { id: made?.id });
    await simulator.admin.emit('delete', { id: made?.id });
    await promise;
    expect(seen).toEqual(['update', 'status.update', 'delete'].map((type) => [type, made?.id]));
  });

  it('begin at once, and do not exist for unknown channels', async () => {
    const aborter = new AbortController();
    open.push({ close: () => aborter.abort() });
    const response = await fetch(`${simulator.url}/api/v1/streaming/public/remote`, { signal: aborter.signal });
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    const first = await response.body?.getReader().read();
    expect(Buffer.from(first?.value ?? []).toString()).toBe(':)\n');
    const unknown = await fetch(`${simulator.url}/api/v1/streaming/everything`);
    expect([unknown.status, await unknown.json()]).toEqual([400, { error: 'Unknown channel requested' }]);
    const untagged = await fetch(`${simulator.url}/api/v1/streaming/hashtag`);
    expect([untagged.status, await untagged.json()]).toEqual([400, { error: 'Missing tag name parameter' }]);
    expect(await (await fetch(`${simulator.url}/api/v1/streaming/health`)).text()).toBe('OK');
  });
});

describe('faults of streams', () => {
  it('cut connections without a goodbye, and refuse new ones while they last', async () => {
    const { ws } = await socket('?stream=public');
    const closed = once(ws, 'close');
    await simulator.admin.fault({ name: 'drop_connections', count: 2 });
    expect((await closed)[0]).toBe(1006);
    await expect(socket('?stream=public')).rejects.toThrow(/socket hang up|ECONNRESET/);
    await socket('?stream=public');
  });

  it('break, repeat and withhold frames', async () => {
    const { frames, until } = await socket('?stream=public');
    await simulator.admin.fault({ name: 'go_silent', count: 1 });
    const [missed] = await simulator.admin.emit('post');
    await simulator.admin.fault({ name: 'duplicate', count: 1 });
    const [twice] = await simulator.admin.emit('post');
    await until(2);
    expect(missed?.streamed).toBe(false);
    expect(frames.map(idOf)).toEqual([twice?.id, twice?.id]);
    expect((await simulator.admin.truth()).posts.map(({ id }) => id)).toContain(missed?.id);
  });

  it('bring posts late, with ids of their time', async () => {
    await simulator.admin.emit('post');
    await simulator.admin.fault({ name: 'late_backdated', count: 1 });
    const [late] = await simulator.admin.emit('post');
    const age = Date.now() - Number(BigInt(late?.id ?? '0') >> 16n);
    expect(age).toBeGreaterThan(50_000);
    expect(age).toBeLessThan(31 * 60_000);
    expect(Date.now() - Date.parse(late?.version ?? '')).toBeGreaterThan(50_000);
  });
});

describe('the pace', () => {
  it('is as set, and stops for a pause', async () => {
    const { until } = await socket('?stream=public');
    expect((await simulator.admin.ask<{ running: boolean }>('PUT', 'rate', { rate: 500 })).running).toBe(true);
    await until(20);
    expect((await simulator.admin.ask<{ running: boolean }>('POST', 'pause')).running).toBe(false);
    const { sequence } = await simulator.admin.truth();
    const [next] = await simulator.admin.emit('post');
    expect(next?.sequence).toBe(sequence + 1);
    const { events, oldest } = await simulator.admin.ask<{ events: { sequence: number }[]; oldest: number }>(
      'GET',
      `events?after=${sequence - 2}&limit=2`,
    );
    expect([oldest, events.map((event) => event.sequence)]).toEqual([1, [sequence - 1, sequence]]);
  });
});
