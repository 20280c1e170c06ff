import type { Post } from '../posts/post.ts';
import type { Channel } from './channel.ts';

/** Where frames go: one connection of a client. */
export interface Sink {
  readonly kind: 'websocket' | 'sse';
  /** Sends text as it is; drops the connection instead of holding more than it may. */
  write(text: string): void;
  /** What tells the client that the connection lives. */
  heartbeat(): void;
  /** Cuts the connection without a goodbye. */
  cut(): void;
}

export interface StreamMessage {
  event: 'update' | 'status.update' | 'delete';
  /** JSON of a status, or the id of a deleted one. */
  payload: string;
  /** The post that it is about: decides which streams carry it. */
  post: Post;
}

interface Listeners {
  channel: Channel;
  sinks: Set<Sink>;
}

/** Everybody who listens. A message is encoded once for all who listen to the same stream in the same way. */
export class Streams {
  private readonly byChannel = new Map<string, Listeners>();
  private readonly sinks = new Set<Sink>();
  /** Frames written to connections. */
  sent = 0;

  open(sink: Sink): void {
    this.sinks.add(sink);
  }

  close(sink: Sink): void {
    this.sinks.delete(sink);
    for (const key of this.byChannel.keys()) this.unsubscribe(key, sink);
  }

  subscribe(channel: Channel, sink: Sink): void {
    const listeners = this.byChannel.get(channel.key) ?? { channel, sinks: new Set() };
    listeners.sinks.add(sink);
    this.byChannel.set(channel.key, listeners);
  }

  unsubscribe(key: string, sink: Sink): void {
    const listeners = this.byChannel.get(key);
    if (listeners === undefined) return;
    listeners.sinks.delete(sink);
    if (listeners.sinks.size === 0) this.byChannel.delete(key);
  }

  send(message: StreamMessage, encode: typeof frame = frame): void {
    for (const { channel, sinks } of this.byChannel.values()) {
      if (!channel.carries(message.post)) continue;
      const encoded: Partial<Record<Sink['kind'], string>> = {};
      for (const sink of sinks) {
        sink.write((encoded[sink.kind] ??= encode(sink.kind, channel, message)));
        this.sent += 1;
      }
    }
  }

  heartbeat(): void {
    for (const sink of this.sinks) sink.heartbeat();
  }

  cutAll(): void {
    for (const sink of this.sinks) sink.cut();
  }

  subscriptions(): Record<string, number> {
    return Object.fromEntries([...this.byChannel].map(([key, { sinks }]) => [key, sinks.size]));
  }

  count(kind: Sink['kind']): number {
    return [...this.sinks].filter((sink) => sink.kind === kind).length;
  }
}

/** A message as it is written on the wire. */
export function frame(kind: Sink['kind'], channel: Channel, { event, payload }: StreamMessage): string {
  if (kind === 'sse') return `event: ${event}\ndata: ${payload}\n\n`;
  return JSON.stringify({ stream: channel.name, event, payload });
}

/** A message that no reader of JSON can make sense of: the frame, or what it carries, ends in the middle. */
export function brokenFrame(kind: Sink['kind'], channel: Channel, message: StreamMessage): string {
  const payload = `${message.payload.slice(0, Math.ceil(message.payload.length / 2))}{`;
  const whole = frame(kind, channel, { ...message, event: 'update', payload });
  return kind === 'sse' || message.payload.length % 2 === 0 ? whole : whole.slice(0, -10);
}
