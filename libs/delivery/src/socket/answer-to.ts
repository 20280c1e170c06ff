import type { WireError } from '@hub/contracts';
import type { HubSocket } from './socket-sink.ts';

export type Answer = { ok: true; [field: string]: unknown } | { ok: false; error: WireError };

/** Who asked for no answer still gets the errors. */
export function answerTo(socket: HubSocket, ack: unknown): (answer: Answer) => void {
  if (typeof ack === 'function') return (answer) => void ack(answer);
  return (answer) => {
    if (!answer.ok) socket.emit('error', answer.error);
  };
}
