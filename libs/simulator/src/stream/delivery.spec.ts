import { describe, expect, it } from '@jest/globals';
import { type FaultName, Faults } from '../faults.ts';
import { Random } from '../random.ts';
import { simplePost } from '../testing/simple-post.ts';
import { channelOf } from './channel.ts';
import { Delivery } from './delivery.ts';
import { type Sink, type StreamMessage, Streams } from './streams.ts';

function setUp(...names: FaultName[]) {
  const faults = new Faults(new Random(1), Date.now);
  const streams = new Streams();
  const written: string[] = [];
  const state = { cut: 0 };
  const sink: Sink = {
    kind: 'websocket',
    write: (text) => written.push(text),
    heartbeat: () => undefined,
    cut: () => (state.cut += 1),
  };
  streams.open(sink);
  streams.subscribe(channelOf('public', undefined), sink);
  for (const name of names) faults.set({ name });
  return { delivery: new Delivery(streams, faults), written, state, faults };
}

const message = (id: string, event: StreamMessage['event'] = 'update'): StreamMessage => ({
  event,
  payload: event === 'delete' ? id : JSON.stringify({ id }),
  post: simplePost({ id }),
});
const idsOf = (written: string[]) => written.map((text) => /\d+/.exec(text)?.[0]);

describe('Delivery', () => {
  it('delivers as it should without a fault', () => {
    const { delivery, written } = setUp();
    expect(delivery.deliver(message('1'))).toBe(true);
    expect(written).toEqual(['{"stream":["public"],"event":"update","payload":"{\\"id\\":\\"1\\"}"}']);
  });

  it('duplicates', () => {
    const { delivery, written } = setUp('duplicate');
    delivery.deliver(message('1'));
    expect(idsOf(written)).toEqual(['1', '1']);
  });

  it('reorders neighbours, and holds nothing back for ever', () => {
    const { delivery, written } = setUp('reorder');
    for (const id of ['1', '2', '3']) delivery.deliver(message(id));
    expect(idsOf(written)).toEqual(['2', '1']);
    delivery.flush();
    expect(idsOf(written)).toEqual(['2', '1', '3']);
  });

  it('sends a frame that cannot be read before the good one', () => {
    const { delivery, written } = setUp('malformed_json');
    for (const id of ['1', '22']) delivery.deliver(message(id));
    expect(written).toHaveLength(4);
    const readable = (text: string) => {
      try {
        return JSON.parse((JSON.parse(text) as { payload: string }).payload) !== undefined;
      } catch {
        return false;
      }
    };
    expect(written.map(readable)).toEqual([false, true, false, true]);
  });

  it('goes silent, and lets only deletions through', () => {
    const silent = setUp('go_silent');
    expect(silent.delivery.deliver(message('1', 'delete'))).toBe(false);
    expect(silent.written).toEqual([]);
    const muted = setUp('deletes_only');
    expect(muted.delivery.deliver(message('1'))).toBe(false);
    expect(muted.delivery.deliver(message('1', 'delete'))).toBe(true);
    expect(idsOf(muted.written)).toEqual(['1']);
  });

  it('cuts connections', () => {
    const { delivery, state, faults } = setUp();
    faults.set({ name: 'drop_connections', count: 1 });
    delivery.deliver(message('1'));
    delivery.deliver(message('2'));
    expect(state.cut).toBe(1);
  });
});
