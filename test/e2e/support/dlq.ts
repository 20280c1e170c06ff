import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { CLEAN, entryOf } from './apps.ts';

export interface DeadLetter {
  id: string;
  key: string;
  reason: string;
  origin: string;
}

/** Runs the dlq command in `dir`; `env` says which broker. Rejects, with `code` and `stderr`, if it fails. */
export function dlq(dir: string, env: Record<string, string>, ...args: string[]): Promise<{ stdout: string }> {
  return promisify(execFile)(process.execPath, [entryOf('dlq'), ...args], {
    cwd: dir,
    env: { PATH: process.env['PATH'], ...CLEAN, ...env },
  });
}

/** What the dlq command lists. */
export async function deadLetters(dir: string, env: Record<string, string>): Promise<DeadLetter[]> {
  const { stdout } = await dlq(dir, env, 'list', '--json');
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as DeadLetter);
}
