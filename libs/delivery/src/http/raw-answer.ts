import { STATUS_CODES } from 'node:http';

/** An answer as text, for connections on which there is no response to write to: the last one before they are closed. */
export function rawAnswer(status: number, body: object, headers: Readonly<Record<string, string>> = {}): string {
  const json = JSON.stringify(body);
  const all = {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': String(Buffer.byteLength(json)),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    Connection: 'close',
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${json}`;
}
