import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { DatabaseThread } from './index.ts';

describe('DatabaseThread', () => {
  it('groups writes', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'hub-')), 'x.db');
    const thread = new DatabaseThread<{ add(a: number): void; n(): number }>('./echo.worker', import.meta.url, path);
    await thread.opened();
    await Promise.all(Array.from({ length: 1000 }, (_, i) => thread.remote.add(i)));
    expect(await thread.remote.n()).toBe(1000);
    await thread.close();
    await expect(thread.remote.n()).rejects.toThrow('closed');
  });
});
