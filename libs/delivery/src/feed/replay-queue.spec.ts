import { describe, expect, it, jest } from '@jest/globals';
import { ReplayQueue, type Replayer } from './replay-queue.ts';

const never = new AbortController().signal;

function replayer() {
  const told: (number | 'over')[] = [];
  const one: Replayer = { waiting: (ahead) => void told.push(ahead), over: () => void told.push('over') };
  return { ...one, told };
}

describe('the line of those who replay', () => {
  it('lets in as many as it may, then each in turn, and tells who waits where it stands', async () => {
    const queue = new ReplayQueue(2);
    const [first, second, third, fourth] = [replayer(), replayer(), replayer(), replayer()];
    const leaveFirst = await queue.enter(first, never);
    await queue.enter(second, never);
    const order: string[] = [];
    const entered = [
      queue.enter(third, never).then(() => order.push('third')),
      queue.enter(fourth, never).then(() => order.push('fourth')),
    ];
    expect([queue.inside, queue.waiting, third.told, fourth.told]).toEqual([2, 2, [0], [1]]);
    leaveFirst?.();
    leaveFirst?.();
    await entered[0];
    expect([queue.inside, queue.waiting, order]).toEqual([2, 1, ['third']]);
  });

  it('forgets who gives up', async () => {
    const queue = new ReplayQueue(1);
    const leave = await queue.enter(replayer(), never);
    const stop = new AbortController();
    const waiting = queue.enter(replayer(), stop.signal);
    stop.abort();
    expect(await waiting).toBeUndefined();
    expect(queue.waiting).toBe(0);
    leave?.();
    expect(queue.inside).toBe(0);
    expect(await queue.enter(replayer(), stop.signal)).toBeUndefined();
  });

  it('ends the turn of the longest there while others wait, and of nobody else', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask'] });
    try {
      const queue = new ReplayQueue(1);
      const [long, next] = [replayer(), replayer()];
      await queue.enter(long, never);
      jest.advanceTimersByTime(60_000);
      expect(long.told).toEqual([]);
      const entered = queue.enter(next, never);
      jest.advanceTimersByTime(5000);
      await entered;
      expect([long.told, next.told]).toEqual([['over'], [0]]);
      jest.advanceTimersByTime(60_000);
      expect(next.told).toEqual([0]);
    } finally {
      jest.useRealTimers();
    }
  });
});
