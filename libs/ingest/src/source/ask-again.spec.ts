import { describe, expect, it } from '@jest/globals';
import { askAgain } from './ask-again.ts';
import { ServerApiError } from './server-api.ts';

const RETRY = { base: 1000, cap: 1000, patience: 10_000 };
const AWAY = new ServerApiError(503, 'away');

/** Asks a server that fails like this, one failure after the other, and then answers; time passes by the waits alone. */
async function ask(failures: unknown[], onPause?: (stop: AbortController) => void) {
  const stop = new AbortController();
  let now = 0;
  let asked = 0;
  const told: string[] = [];
  const clock = {
    now: () => now,
    pause: () => {
      now += RETRY.cap;
      return Promise.resolve(onPause?.(stop));
    },
    every: () => () => undefined,
  };
  const answer = () => {
    asked += 1;
    return asked > failures.length ? Promise.resolve('answer') : Promise.reject(failures[asked - 1]);
  };
  const onFailure = ({ message }: ServerApiError) => void told.push(message);
  const outcome = askAgain(answer, { clock, retry: RETRY, signal: stop.signal, onFailure });
  return { outcome: await outcome.catch((error: unknown) => error), asked, told };
}

describe('askAgain', () => {
  it('asks again until there is an answer, and tells of the first failure', async () => {
    const other = new ServerApiError(0, 'broken');
    expect(await ask([AWAY, other, AWAY])).toEqual({ outcome: 'answer', asked: 4, told: ['away'] });
    expect(await ask([])).toEqual({ outcome: 'answer', asked: 1, told: [] });
  });

  it('rejects when its patience is at an end', async () => {
    expect(await ask(Array.from({ length: 100 }, () => AWAY))).toEqual({ outcome: AWAY, asked: 12, told: ['away'] });
  });

  it.each([
    ['a refusal', new ServerApiError(403, 'no')],
    ['what is no answer of the server', new Error('a fault of ours')],
  ])('does not ask again after %s', async (_, error) => {
    expect(await ask([error])).toEqual({ outcome: error, asked: 1, told: [] });
  });

  it('does not ask again when it was stopped while it waited', async () => {
    expect(await ask([AWAY], (stop) => stop.abort())).toEqual({ outcome: AWAY, asked: 1, told: ['away'] });
  });
});
