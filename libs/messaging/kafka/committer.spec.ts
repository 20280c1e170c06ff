import { describe, expect, it } from '@jest/globals';
import { Committer } from './committer.ts';

/** Commits that end when the test says so. */
function manual() {
  const begun: PromiseWithResolvers<void>[] = [];
  let underWay = 0;
  let most = 0;
  const committer = new Committer(async () => {
    const commit = Promise.withResolvers<void>();
    begun.push(commit);
    most = Math.max(most, (underWay += 1));
    await commit.promise.finally(() => (underWay -= 1));
  });
  return { committer, begun, most: () => most };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('Committer', () => {
  it('commits once for all who ask while a commit is under way, and only after it', async () => {
    const { committer, begun, most } = manual();
    const first = committer.flush();
    await turn();
    const later = [committer.flush(), committer.flush(), committer.flush()];
    let settled = 0;
    for (const one of later) void one.then(() => (settled += 1));
    await turn();
    expect(begun).toHaveLength(1);
    begun[0]?.resolve();
    await first;
    await turn();
    expect([begun.length, settled]).toEqual([2, 0]);
    begun[1]?.resolve();
    await Promise.all(later);
    expect([begun.length, settled, most()]).toEqual([2, 3, 1]);
  });

  it('tells those who asked of a failure, and commits again for who asks later', async () => {
    const { committer, begun } = manual();
    const first = committer.flush();
    const same = committer.flush();
    await turn();
    begun[0]?.reject(new Error('lost'));
    await expect(first).rejects.toThrow('lost');
    await expect(same).rejects.toThrow('lost');
    const second = committer.flush();
    await turn();
    begun[1]?.resolve();
    await second;
  });
});
