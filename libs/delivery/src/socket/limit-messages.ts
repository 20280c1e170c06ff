import { toWireError } from '../wire-error.ts';
import { answerTo } from './answer-to.ts';
import type { HubSocket } from './socket-sink.ts';

/** Who goes on after so many refusals in a row does not listen, and is sent away. */
const MAX_REFUSED = 20;

/**
 * Has `spend` asked of each message but the first, which the connect has paid for: who was let in may say what for. What it
 * throws is the answer, and the message goes no further.
 */
export function limitMessages(socket: HubSocket, spend: () => void, sendAway: (error: unknown) => void): void {
  let refused = 0;
  let isFirst = true;
  socket.use(([, ...args], next) => {
    try {
      if (!isFirst) spend();
      isFirst = false;
      refused = 0;
      next();
    } catch (error) {
      answerTo(socket, args.at(-1))({ ok: false, error: toWireError(error) });
      if (++refused === MAX_REFUSED) sendAway(error);
    }
  });
}
