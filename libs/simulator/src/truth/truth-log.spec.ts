import { describe, expect, it } from '@jest/globals';
import { PostStore } from '../posts/post-store.ts';
import { simplePost } from '../testing/simple-post.ts';
import { TruthLog } from './truth-log.ts';

const ids = (entries: { id: string }[]) => entries.map(({ id }) => id);

describe('TruthLog', () => {
  it('tells what comes after a sequence, as far back as it remembers', () => {
    const log = new TruthLog(new PostStore(100), 4);
    for (let i = 1; i <= 9; i += 1) log.append('update', simplePost({ id: String(i) }), 0, true);
    const { events, oldest } = log.after(0, 100);
    expect([oldest, ids(events)]).toEqual([6, ['6', '7', '8', '9']]);
    expect(ids(log.after(7, 1).events)).toEqual(['8']);
    expect(log.after(9, 10).events).toEqual([]);
  });

  it('keeps a limited number of deletions and hidden posts', () => {
    const log = new TruthLog(new PostStore(100), 2);
    for (const id of ['1', '2', '3']) {
      log.append('update', { ...simplePost({ id, visibility: 'private' }), marker: `m${id}` }, 0, false);
      log.append('delete', simplePost({ id: `1${id}` }), 0, true);
    }
    const { hidden, deleted } = log.truth(false);
    expect([ids(hidden), ids(deleted)]).toEqual([
      ['2', '3'],
      ['12', '13'],
    ]);
  });

  it('hashes what a version says, of a boost what it boosts', () => {
    const store = new PostStore(100);
    const log = new TruthLog(store, 10);
    const post = simplePost({ id: '1' });
    store.add(post);
    store.add(simplePost({ id: '2', content: '', reblog: post.status }));
    const [first, boost] = log.truth(true).posts;
    expect(first?.contentHash).toBe('4acba4cf1018d083b8dd1e7ee21aa75c70c8ec306b49c152e3611de18a5d8eeb');
    expect(boost?.contentHash).toBe(first?.contentHash);
    expect(first?.status).toEqual(post.status);
    post.status.spoiler_text = 'cw';
    expect(log.truth(false).posts[0]).not.toMatchObject({ contentHash: first?.contentHash });
    expect(log.truth(false).posts[0]).not.toHaveProperty('status');
  });
});
