import { describe, expect, it } from '@jest/globals';
import type { Status } from './entities.ts';
import { SYSTEM_CLOCK } from './clock.ts';
import { Simulation } from './simulation.ts';
import type { Sink } from './stream/streams.ts';
import { channelOf } from './stream/channel.ts';

const ORIGIN = 'http://127.0.0.1:3999';

function simulate(seed: number, origin = ORIGIN, clock: () => number = Date.now): Simulation {
  return new Simulation({ host: '127.0.0.1', port: 0, rate: 0, seed, clock: { ...SYSTEM_CLOCK, now: clock } }, origin);
}

/** What a WebSocket client of the public stream is sent. */
function listen(simulation: Simulation): { event: string; payload: string }[] {
  const frames: { event: string; payload: string }[] = [];
  const sink: Sink = {
    kind: 'websocket',
    write: (text) => frames.push(JSON.parse(text) as { event: string; payload: string }),
    heartbeat: () => undefined,
    cut: () => undefined,
  };
  simulation.streams.open(sink);
  simulation.streams.subscribe(channelOf('public', undefined), sink);
  return frames;
}

/** What a post says, without what the time and the place of the server put into it. */
function essence(status: Status, origin: string): unknown {
  const { content, spoiler_text, visibility, language, account, media_attachments, tags, reblog } = status;
  const media = media_attachments.map(({ type, description, meta }) => ({ type, description, meta }));
  const plain = content.replaceAll(origin, '').replace(/hidden[0-9a-f]+n\d+x/, '');
  const boosted: unknown = reblog === null ? null : essence(reblog, origin);
  return {
    plain,
    spoiler_text,
    visibility,
    language,
    acct: account.acct,
    media,
    tags: tags.map((t) => t.name),
    boosted,
  };
}

function run(simulation: Simulation, steps: number) {
  const events = Array.from({ length: steps }, () => simulation.traffic.step()).flat();
  const posts = [...simulation.store.all()].map(({ status }) => status);
  return { events, posts };
}

describe('the traffic of a seed', () => {
  it('is the same at another time, at another address and under faults', () => {
    const first = run(simulate(11), 400);
    const elsewhere = simulate(11, 'http://localhost:80', () => 1_700_000_000_000);
    elsewhere.setFault({ name: 'late_backdated', probability: 0.3 });
    elsewhere.setFault({ name: 'leak_nonpublic', probability: 0.5 });
    const second = run(elsewhere, 400);
    expect(second.events.map(({ event }) => event)).toEqual(first.events.map(({ event }) => event));
    expect(second.posts.map((post) => essence(post, 'http://localhost:80'))).toEqual(
      first.posts.map((post) => essence(post, ORIGIN)),
    );
    expect(run(simulate(12), 400).posts.map((post) => essence(post, ORIGIN))).not.toEqual(
      first.posts.map((post) => essence(post, ORIGIN)),
    );
  });

  it('has what the field has', () => {
    const { posts, events } = run(simulate(1), 3_000);
    const kinds = new Set(posts.flatMap((post) => post.media_attachments.map(({ type }) => type)));
    expect(kinds).toEqual(new Set(['image', 'video', 'gifv', 'audio', 'unknown']));
    expect(new Set(posts.map((post) => post.language)).size).toBeGreaterThan(22);
    expect(new Set(events.map(({ event }) => event))).toEqual(new Set(['update', 'status.update', 'delete']));
    const has = (test: (post: Status) => unknown) => posts.filter((post) => Boolean(test(post))).length;
    expect(has((p) => p.poll)).toBeGreaterThan(20);
    expect(has((p) => p.reblog)).toBeGreaterThan(100);
    expect(has((p) => p.quote?.quoted_status)).toBeGreaterThan(20);
    expect(has((p) => p.in_reply_to_id)).toBeGreaterThan(100);
    expect(has((p) => p.spoiler_text)).toBeGreaterThan(50);
    expect(has((p) => p.account.bot)).toBeGreaterThan(20);
    expect(has((p) => p.mentions.length)).toBeGreaterThan(100);
    expect(has((p) => p.emojis.length)).toBeGreaterThan(50);
    expect(has((p) => p.card)).toBeGreaterThan(100);
    expect(has((p) => p.edited_at)).toBeGreaterThan(50);
    expect(has((p) => !p.account.acct.includes('@'))).toBeGreaterThan(300);
    const bytes = posts.map((post) => Buffer.byteLength(JSON.stringify(post)));
    const mean = bytes.reduce((sum, n) => sum + n, 0) / bytes.length;
    expect(mean).toBeGreaterThan(2_500);
    expect(mean).toBeLessThan(3_500);
    expect(new Set(posts.map((post) => post.id)).size).toBe(posts.length);
    expect(new Set(posts.map((post) => post.uri)).size).toBe(posts.length);
  });
});

describe('posts that are not public', () => {
  it('are in the ground truth with a marker, and nowhere else', () => {
    const simulation = simulate(3);
    const frames = listen(simulation);
    run(simulation, 1_500);
    const { hidden, posts, deleted } = simulation.log.truth(true);
    const text = frames.map(({ payload }) => payload).join('\n');
    const shown = JSON.stringify(simulation.store.page({ limit: 100_000 }, () => true).map(({ status }) => status));
    expect(hidden.length).toBeGreaterThan(80);
    expect(new Set(hidden.map(({ marker }) => marker)).size).toBe(hidden.length);
    for (const { id, marker, leaked } of hidden) {
      expect(leaked).toBe(false);
      expect(text).not.toContain(marker);
      expect(text).not.toContain(id);
      expect(shown).not.toContain(marker);
      const held = simulation.store.get(id)?.status.content;
      expect(held === undefined ? deleted.some((each) => each.id === id) : held.includes(marker)).toBe(true);
    }
    expect(posts.every(({ status }) => status?.visibility === 'public')).toBe(true);
  });

  it('get out by the fault that is for it', () => {
    const simulation = simulate(3);
    const frames = listen(simulation);
    simulation.setFault({ name: 'leak_nonpublic', count: 1 });
    simulation.traffic.emit('private');
    simulation.traffic.emit('private');
    expect(frames).toHaveLength(1);
    const [leaked, kept] = simulation.log.truth(false).hidden;
    expect(frames[0]?.payload).toContain(leaked?.marker);
    expect([leaked?.leaked, kept?.leaked]).toEqual([true, false]);
    expect(simulation.store.page({ limit: 5 }, () => true).map(({ status }) => status.id)).toEqual([leaked?.id]);
  });
});

describe('edits and deletions', () => {
  it('make versions that grow, even when the clock stands still', () => {
    const simulation = simulate(4, ORIGIN, () => 1_700_000_000_000);
    const [made] = simulation.traffic.emit('post');
    const edits = [1, 2, 3].flatMap(() => simulation.traffic.emit('edit', { id: made?.id ?? '' }));
    const versions = [made, ...edits].map((event) => event?.version ?? '');
    expect(versions).toEqual([...new Set(versions)].sort());
    expect(simulation.log.truth(false).posts[0]?.version).toBe(versions.at(-1));
  });

  it('take boosts along and empty quotes', () => {
    const simulation = simulate(5);
    const frames = listen(simulation);
    const [made] = simulation.traffic.emit('post');
    const [boost] = simulation.traffic.emit('boost');
    const [quote] = simulation.traffic.emit('quote', { uri: 'https://quoting.example/1' });
    expect(JSON.parse(frames[1]?.payload ?? '')).toMatchObject({ reblog: { id: made?.id }, content: '' });
    const gone = simulation.traffic.emit('delete', { id: made?.id ?? '' });
    expect(gone.map(({ id }) => id)).toEqual([made?.id, boost?.id]);
    expect(frames.slice(-2)).toMatchObject([
      { event: 'delete', payload: made?.id },
      { event: 'delete', payload: boost?.id },
    ]);
    expect(simulation.store.get(quote?.id ?? '')?.status.quote).toEqual({ state: 'deleted', quoted_status: null });
    const { posts, deleted } = simulation.log.truth(false);
    expect(posts.map(({ uri }) => uri)).toEqual(['https://quoting.example/1']);
    expect(deleted.map(({ id }) => id)).toEqual([made?.id, boost?.id]);
  });
});
