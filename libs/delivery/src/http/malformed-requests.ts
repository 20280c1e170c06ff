import type { Server, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { WireError } from '@hub/contracts';
import { wireError } from '../wire-error.ts';
import { rawAnswer } from './raw-answer.ts';

interface Refusal {
  status: number;
  error: WireError;
}

/** By the codes of Node's parser. */
const REFUSALS: Record<string, Refusal> = {
  HPE_HEADER_OVERFLOW: {
    status: 431,
    error: wireError('payload_too_large', 'The URL and headers of the request are too large: 16 KB at most.'),
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: 408,
    error: wireError('bad_request', 'The request took too long to arrive.'),
  },
};
const UNREADABLE: Refusal = {
  status: 400,
  error: wireError('bad_request', 'This cannot be read as a request of HTTP/1.1.'),
};

/** Answers in the form of all errors what Node's parser refuses, and closes the connection. */
export function answerMalformed(server: Server): void {
  /** The newest of each connection: when it is out, all before it are. */
  const responses = new WeakMap<Socket, ServerResponse>();
  server.on('request', ({ socket }, response) => void responses.set(socket, response));
  server.on('clientError', ({ code = '' }: NodeJS.ErrnoException, socket) => {
    if (!(socket instanceof Socket)) return void socket.destroy();
    // Words in the middle of another answer would be taken for part of it.
    if (socket.writable && responses.get(socket)?.writableFinished !== false) {
      const { status, error } = REFUSALS[code] ?? UNREADABLE;
      socket.write(rawAnswer(status, { error }));
    }
    socket.destroySoon();
  });
}
