import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseEntry } from '@hub/policy';

/** Adds a line to the blocklist, so that the services take nothing of it any more. False: it is there already. */
export function block(file: string, target: string): boolean {
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const wanted = JSON.stringify(parseEntry(target));
  if (before.split('\n').some((line) => JSON.stringify(parseEntry(line)) === wanted)) return false;
  mkdirSync(dirname(file), { recursive: true });
  appendFileSync(file, `${before === '' || before.endsWith('\n') ? '' : '\n'}${target.trim()}\n`);
  return true;
}
