import { Observable } from '../observable.ts';

const TICK_MS = 5000;

/** The present time, now and then: one timer for all that shows an age. */
export const clock = new Observable(Date.now());

setInterval(() => clock.set(Date.now()), TICK_MS);
