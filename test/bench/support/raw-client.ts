import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** What a client says once connected, after hearing what. */
export type Dialogue = readonly [heard: string, said: string][];

/** As stock clients do: Node's and browsers'. */
const OFFER = 'Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits';

/** A client that only counts bytes: its work is not to hold up the server. */
export interface Counter {
  bytes: number;
  socket: Socket;
}

/** Opens a WebSocket by hand, goes through the dialogue, and counts what comes then. */
export async function openCounter(port: number, path: string, dialogue: Dialogue): Promise<Counter> {
  const socket = connect(port, '127.0.0.1');
  const key = randomBytes(16).toString('base64');
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n${OFFER}\r\n\r\n`,
  );
  await heard(socket, '101');
  for (const [answer, said] of dialogue) {
    if (answer !== '0') await heard(socket, answer);
    if (said !== '') socket.write(maskedText(said));
  }
  const counter = { bytes: 0, socket };
  socket.on('data', (chunk) => (counter.bytes += chunk.length));
  return counter;
}

async function heard(socket: Socket, answer: string): Promise<void> {
  let text = '';
  while (!text.includes(answer)) text += String((await once(socket, 'data'))[0]);
}

/** A text frame with a mask of zeros. */
function maskedText(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const header = length < 126 ? [0x81, 0x80 | length] : [0x81, 0x80 | 126, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([...header, 0, 0, 0, 0]), Buffer.from(text)]);
}
