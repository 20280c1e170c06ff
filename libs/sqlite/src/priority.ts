import { constants, getPriority, setPriority } from 'node:os';

/** Added to the thread's "nice" value. */
const NICENESS = 5;

/** Lets threads with more to do than this one have the processor first. Only Linux knows priorities of threads. */
export function giveWay(): void {
  if (process.platform !== 'linux') return;
  setPriority(Math.min(getPriority() + NICENESS, constants.priority.PRIORITY_LOW));
}
