import type { ClientToServerEvents, Cursor, ServerToClientEvents } from '@hub/contracts';
import type { Socket } from 'socket.io';
import type { Sink } from '../feed/subscription.ts';
import { taken } from '../feed/taken.ts';
import type { EventText } from '../feed/view.ts';

export type HubSocket = Socket<ClientToServerEvents, ServerToClientEvents>;

/**
 * Writes frames whose JSON exists already: as packets of the Socket.IO protocol (`2["event",data]`) on the connection
 * below, so that nothing is parsed and encoded again per client.
 */
export class SocketSink implements Sink {
  readonly transport = 'socketio';
  readonly #socket: HubSocket;
  readonly #stallTimeoutMs: number;

  constructor(socket: HubSocket, stallTimeoutMs: number) {
    this.#socket = socket;
    this.#stallTimeoutMs = stallTimeoutMs;
  }

  async write(events: readonly EventText[], cursor: Cursor): Promise<number> {
    const packets = encodePackets(events, cursor);
    const { conn } = this.#socket;
    for (const packet of packets) {
      await taken(conn, this.#stallTimeoutMs, () => {
        conn.write(packet);
        return conn.readyState !== 'open';
      });
    }
    return packets.reduce((bytes, packet) => bytes + Buffer.byteLength(packet), 0);
  }
}

/** A gap is an event of its own, in its place between the posts. */
function encodePackets(events: readonly EventText[], cursor: Cursor): string[] {
  const packets: string[] = [];
  let run: EventText[] = [];
  for (const event of events) {
    if (event.type !== 'gap') run.push(event);
    else {
      if (run.length > 0) packets.push(postsPacket(run, run.at(-1)?.cursor ?? event.cursor));
      packets.push(gapPacket(event));
      run = [];
    }
  }
  if (run.length > 0 || events.at(-1)?.cursor !== cursor) packets.push(postsPacket(run, cursor));
  return packets;
}

function postsPacket(events: readonly EventText[], cursor: Cursor): string {
  const texts = events.map(
    ({ type, cursor, json }) => `{"type":"${type}","cursor":${JSON.stringify(cursor)},"data":${json}}`,
  );
  return `2["posts",{"cursor":${JSON.stringify(cursor)},"events":[${texts.join(',')}]}]`;
}

function gapPacket({ cursor, json }: EventText): string {
  const gap = JSON.parse(json) as object;
  return `2["gap",${JSON.stringify({ ...gap, cursor })}]`;
}
