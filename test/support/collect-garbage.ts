import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Until all that nobody holds is freed: a collection hands that to other threads, and the next one waits for them. */
export function collectGarbage(): void {
  collect();
  collect();
}
