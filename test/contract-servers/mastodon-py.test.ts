import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import type { Post } from '@hub/contracts';
import { aDelete, anUpsert, aPost } from '@hub/storage/testkit';
import { toMastodonId } from '../../libs/delivery/src/mastodon/ids.ts';
import { describeWith } from '../servers/describe-with.ts';
import { installPythonPackage, PIP_PROBE } from '../servers/python-packages.ts';
import { openTestStore, startGateway, type TestGateway } from '../support/gateway.ts';

const PACKAGE = 'Mastodon.py==2.3.3';

// The first time takes a download.
jest.setTimeout(120_000);

/** What a user of the library writes; each answer is a line of JSON. */
const PROGRAM = `
import json, sys
from mastodon import Mastodon, StreamListener

def say(**words): print(json.dumps(words, default=str), flush=True)

api = Mastodon(api_base_url=sys.argv[1])
say(uri=api.instance_v2().domain)
page = api.timeline_hashtag("cats", limit=2)
say(pages=[[str(s.id) for s in page], [str(s.id) for s in api.fetch_next(page)]])
say(newer=[str(s.id) for s in api.fetch_previous(api.timeline_public(max_id=sys.argv[2]))])
status = api.status(sys.argv[2])
say(status=[status.uri, status.account.acct, str(status.created_at)])

class Listener(StreamListener):
    def on_update(self, status): say(event="update", id=str(status.id))
    def on_status_update(self, status): say(event="status.update", id=str(status.id))
    def on_delete(self, id):
        say(event="delete", id=str(id))
        sys.exit(0)
    def handle_heartbeat(self): say(event="heartbeat")

say(healthy=api.stream_healthy())
api.stream_hashtag("cats", Listener())
`;

describeWith(PIP_PROBE, 'Python with pip runs Mastodon.py', 'Mastodon.py, unchanged', () => {
  let opened: Awaited<ReturnType<typeof openTestStore>>;
  let hub: TestGateway;
  let library: string;
  beforeAll(async () => {
    library = await installPythonPackage(PACKAGE);
    opened = await openTestStore();
    hub = await startGateway(opened);
  });
  afterAll(async () => {
    await hub.stop();
    await opened[Symbol.asyncDispose]();
  });

  const post = (n: number): Post =>
    aPost({
      text: `post ${n}`,
      created_at: `2026-11-01T12:0${n}:00.000Z`,
      tags: [{ name: 'cats', url: '' }],
      hub: { source: 'p.example', local_id: String(n), hashtags: ['cats'] },
    });

  it('pages through timelines, reads a status, and follows a stream', async () => {
    const posts = [1, 2, 3].map(post);
    await opened.apply(posts.map((each) => anUpsert(each)));
    const [oldest, middle, newest] = posts.map(({ id }) => toMastodonId(id));
    const python = spawn('python3', ['-c', PROGRAM, hub.url, middle!], {
      env: { ...process.env, PYTHONPATH: library },
    });
    let errors = '';
    python.stderr.on('data', (text: Buffer) => (errors += text.toString()));
    const ended = once(python, 'close');
    const said: Record<string, unknown>[] = [];
    for await (const line of createInterface(python.stdout)) {
      const words = JSON.parse(line) as Record<string, unknown>;
      if (words['event'] !== 'heartbeat') said.push(words);
      if (words['healthy'] === true) void publishWhenHeard();
    }
    await ended;
    expect(errors).toBe('');
    expect(said).toEqual([
      { uri: new URL(hub.url).host },
      { pages: [[newest, middle], [oldest]] },
      { newer: [newest, middle] },
      { status: [posts[1]!.uri, posts[1]!.account.acct, '2026-11-01 12:02:00+00:00'] },
      { healthy: true },
      { event: 'update', id: toMastodonId(post(4).id) },
      { event: 'status.update', id: toMastodonId(post(4).id) },
      { event: 'delete', id: toMastodonId(post(4).id) },
    ]);
  });

  const count = async (name: string) => {
    const { values } = await hub.registry.getSingleMetric(`hub_delivery_${name}`)!.get();
    return values.find(({ labels }) => labels['transport'] === 'mastodon')?.value ?? 0;
  };
  const until = async (name: string, wanted: number) => {
    while ((await count(name)) < wanted) await new Promise((resolve) => setImmediate(resolve));
  };

  async function publishWhenHeard(): Promise<void> {
    await until('clients', 1);
    await opened.apply([anUpsert(post(4))]);
    await until('events_total', 1);
    const changed = { ...post(4), edited_at: '2026-11-02T00:00:00.000Z', content: '<p>!</p>' };
    await opened.apply([anUpsert(changed, { edited: true })]);
    await until('events_total', 2);
    await opened.apply([aDelete(post(4))]);
  }
});
