import { spawnSync } from 'node:child_process';
import { describe, test } from '@jest/globals';

/**
 * A suite that needs a program of this machine. Without it the suite fails in CI; elsewhere it is passed over, and says
 * loudly what is missing and what for.
 * @param probe a command that ends with 0 where the program is fit for use
 */
export function describeWith(
  probe: readonly [program: string, ...args: string[]],
  purpose: string,
  name: string,
  suite: () => void,
): void {
  const [program, ...args] = probe;
  if (spawnSync(program, args, { stdio: 'ignore' }).status === 0) return describe(name, suite);
  const reason = `'${probe.join(' ')}' fails: ${purpose}`;
  if (process.env['CI'] === 'true') return test(name, () => Promise.reject(new Error(reason)));
  console.warn(`NOT TESTED: ${name}: ${reason}`);
  return describe.skip(`${name} (not tested: ${reason})`, suite);
}
