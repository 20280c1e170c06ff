import type { JSX } from 'react';
import { useObservable } from '../observable.ts';
import { clock } from '../ui/clock.ts';
import { age } from './age.ts';

const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** A time as its age, which goes on. */
export function When({ time }: { time: string }): JSX.Element {
  const at = Date.parse(time);
  const words = useObservable(clock, (now) => age(at, now));
  return (
    <time dateTime={time} title={full.format(at)}>
      {words}
    </time>
  );
}
