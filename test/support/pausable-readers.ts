import { get } from 'node:http';
import { Client, credentials } from '@grpc/grpc-js';
import type { Cursor, Filter } from '@hub/contracts';
import { SubscribeRequestMessage, SubscribeResponseMessage } from '@hub/contracts/proto';
import { WebSocket } from 'ws';

/** A post in a reader's hands, or that it is gone. */
export interface Seen {
  cursor: Cursor;
  id: string;
  /** `hub.text`; none for a deletion, nor for a gap, whose id is its source. */
  text: string | undefined;
}

export interface Hands {
  take(seen: readonly Seen[], cursor: Cursor): void;
  /** The connection is gone, or was refused. */
  ended(): void;
  /** From `cursor` on the hub goes by another filter. */
  changed(cursor: Cursor, filter: Filter): void;
}

/** A connection that can be left unread. */
export interface Reading {
  pause(): void;
  resume(): void;
  close(): void;
  /** Asks for another filter. None: by another connection. */
  change?(filter: Filter): void;
}

/** Opens a connection that goes on after `from`. */
export type Open = (from: Cursor, filter: Filter, hands: Hands) => Reading;

interface Event {
  type: string;
  cursor: Cursor;
  data: { id?: string; source?: string; hub?: { text: string } };
}

const seen = ({ cursor, data }: Event): Seen => ({ cursor, id: data.id ?? data.source ?? '', text: data.hub?.text });

/** Socket.IO, spoken by hand; it undoes WebSocket's own compression, or offers none. */
export const bySocket =
  (port: number, perMessageDeflate = false): Open =>
  (from, filter, hands) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`, { perMessageDeflate });
    const asked: Filter[] = [];
    let isPaused = false;
    const ask = (event: string, body: object, wanted: Filter) =>
      socket.send(`42${asked.push(wanted) - 1}${JSON.stringify([event, body])}`);
    socket.on('message', (data: Buffer) => {
      const text = data.toString();
      if (text.startsWith('0')) socket.send('40');
      else if (text.startsWith('40')) ask('subscribe', { filter, cursor: from }, filter);
      else if (text === '2') socket.send('3');
      const [, id, json] = /^4[23](\d*)(\[.*\])$/s.exec(text) ?? [];
      if (json === undefined) return;
      const [first, frame] = JSON.parse(json) as [unknown, { events: Event[]; cursor: Cursor; source: string }];
      if (first === 'gap') hands.take([{ cursor: frame.cursor, id: frame.source, text: undefined }], frame.cursor);
      else if (first === 'posts') hands.take(frame.events.map(seen), frame.cursor);
      else if (id !== '') {
        const { ok, cursor } = first as { ok: boolean; cursor: Cursor };
        if (ok) hands.changed(cursor, asked[Number(id)]!);
        if (isPaused) socket.pause();
      }
    });
    socket.on('error', () => undefined).on('close', () => hands.ended());
    return {
      pause: () => {
        isPaused = true;
        if (asked.length > 0) socket.pause();
      },
      resume: () => {
        isPaused = false;
        if (socket.readyState === socket.OPEN) socket.resume();
      },
      close: () => socket.terminate(),
      change: (wanted) =>
        socket.readyState === socket.OPEN && asked.length > 0 && ask('update-filter', { filter: wanted }, wanted),
    };
  };

/** Server-sent events. */
export const bySse =
  (port: number): Open =>
  (from, filter, hands) => {
    const query = new URLSearchParams({ cursor: from });
    for (const [name, value] of Object.entries(filter)) query.set(name, String(value));
    let isPaused = false;
    let words = '';
    const request = get(`http://127.0.0.1:${port}/api/v1/feed?${query.toString()}`, { agent: false }, (response) => {
      if (response.statusCode === 200) hands.changed(from, filter);
      response.setEncoding('utf8').on('data', (part: string) => {
        const blocks = (words + part).split('\n\n');
        words = blocks.pop() ?? '';
        blocks.forEach(readBlock);
      });
      if (isPaused) response.pause();
      request.on('pause', () => response.pause()).on('resume', () => response.resume());
      response.on('error', () => undefined);
    });
    const readBlock = (block: string) => {
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
      const [type, cursor, data] = [field('event'), field('id'), field('data')];
      if (cursor === undefined || type === 'error') return;
      const parsed = data === undefined ? undefined : (JSON.parse(data) as Event['data']);
      hands.take(parsed && type !== undefined ? [seen({ type, cursor, data: parsed })] : [], cursor);
    };
    request.on('error', () => undefined).on('close', () => hands.ended());
    return {
      pause: () => request.emit('pause', (isPaused = true)),
      resume: () => request.emit('resume', (isPaused = false)),
      close: () => request.destroy(),
    };
  };

/** A server stream of gRPC. */
export const byGrpc =
  (port: number): Open =>
  (from, filter, hands) => {
    const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), {
      'grpc.use_local_subchannel_pool': 1,
      'grpc.initial_reconnect_backoff_ms': 100,
    });
    const { language = [], keyword = [], min_length: minLength = 0 } = filter;
    const request = SubscribeRequestMessage.fromPartial({ cursor: from, filter: { language, keyword, minLength } });
    const call = client.makeServerStreamRequest(
      '/hubapiv1.FeedService/Subscribe',
      (message: SubscribeRequestMessage) => Buffer.from(SubscribeRequestMessage.encode(message).finish()),
      (bytes) => SubscribeResponseMessage.decode(bytes),
      request,
    );
    call.on('metadata', () => hands.changed(from, filter));
    call.on('data', ({ events, cursor }: SubscribeResponseMessage) => {
      if (cursor === '') return;
      hands.take(
        events.flatMap(({ cursor, event }) => seenOf(cursor, event) ?? []),
        cursor,
      );
    });
    call
      .on('error', () => undefined)
      .on('status', () => {
        client.close();
        hands.ended();
      });
    return { pause: () => call.pause(), resume: () => call.resume(), close: () => call.cancel() };
  };

function seenOf(cursor: Cursor, event: SubscribeResponseMessage['events'][number]['event']): Seen | undefined {
  if (event?.$case === 'gap') return { cursor, id: event.value.source, text: undefined };
  if (event?.$case === 'removal') return { cursor, id: event.value.id, text: undefined };
  if (event?.$case !== 'post' && event?.$case !== 'edit') return undefined;
  return { cursor, id: event.value.post?.id ?? '', text: event.value.facts?.text };
}
