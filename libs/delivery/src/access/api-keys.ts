import { createHash, timingSafeEqual } from 'node:crypto';
import type { ApiKey, Grant } from './access.options.ts';

/** Finds who holds a key. Takes as long for a wrong key as for a right one, and holds digests alone. */
export function apiKeyReader(keys: readonly ApiKey[]): (key: string) => Grant | undefined {
  const held = keys.map(({ sha256, ...grant }) => ({ digest: Buffer.from(sha256, 'hex'), grant }));
  return (key) => {
    const digest = createHash('sha256').update(key).digest();
    let found: Grant | undefined;
    for (const { digest: known, grant } of held) if (timingSafeEqual(known, digest)) found = grant;
    return found;
  };
}
