import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { PublicPost, type PubSubGenericMessage } from '@hub/contracts/proto';
import { startHub, temporaryFolder, until } from './support/apps.ts';
import { deadLetters, dlq as runDlq } from './support/dlq.ts';
import { storedPosts } from './support/oracle.ts';
import { publish } from './support/publish.ts';

const poison = {
  key: Buffer.from('home.example/666'),
  value: Buffer.from('no event'),
  attributes: { ce_type: 'hubapiv1.post.created' },
};

function aPost(id: string): Partial<PubSubGenericMessage> {
  const uri = `https://home.example/users/ada/statuses/${id}`;
  const account = { id: '7', username: 'ada', acct: 'ada', url: 'https://home.example/@ada' };
  const post = PublicPost.fromPartial({
    id,
    uri,
    visibility: 'public',
    createdAt: new Date(),
    content: '<p>Hello</p>',
    account,
  });
  return { key: Buffer.from(`home.example/${id}`), value: PublicPost.encode(post).finish() };
}

it('keeps what cannot be processed as dead letters to look at and to replay, and the flow goes on', async () => {
  await using folder = await temporaryFolder();
  const hub = await startHub(folder.path, { SIMULATOR_RATE: '0' });
  const env = { DATA_DIR: join(folder.path, 'data') };
  const dlq = (...args: string[]) => runDlq(folder.path, env, ...args);
  const list = () => deadLetters(folder.path, env);
  const stored = () =>
    storedPosts(hub.url).then((posts) =>
      [...posts.keys()].map((uri) => uri.split('/').at(-1) ?? '').toSorted((a, b) => Number(a) - Number(b)),
    );
  const address = `127.0.0.1:${hub.grpcPort}`;
  try {
    expect((await dlq('list')).stdout).toBe('mastodon-posts has no dead letters.\n');
    await publish(address, [aPost('1'), poison, aPost('2')]);
    expect(await until(stored, (ids) => ids.length === 2, 10_000)).toEqual(['1', '2']);

    const [letter, ...others] = await until(list, (letters) => letters.length > 0, 10_000);
    expect(others).toEqual([]);
    expect(letter).toMatchObject({ reason: 'invalid_event', key: 'home.example/666', origin: 'mastodon-posts/0@1' });
    const id = letter?.id ?? '';
    expect((await dlq('list')).stdout).toMatch(
      /^id +failedAt .*\n0 +20\S+Z +invalid_event +mastodon-posts\/0@1 +home\.example\/666\n$/,
    );
    const shown = JSON.parse((await dlq('show', id, '--json')).stdout) as object;
    expect(shown).toMatchObject({ id, bytes: 8, headers: poison.attributes, withheld: expect.any(String) });

    expect((await dlq('replay', id)).stdout).toBe('1 message is on mastodon-posts again.\n');
    expect(await until(list, (letters) => letters.length > 1, 10_000)).toEqual([
      letter,
      expect.objectContaining({ origin: 'mastodon-posts/0@3', key: 'home.example/666' }),
    ]);
    // Both letters are the same message: it goes once.
    expect((await dlq('replay', '--all')).stdout).toBe('1 message is on mastodon-posts again.\n');
    expect(await until(list, (letters) => letters.length > 2, 10_000)).toHaveLength(3);

    await expect(dlq('show', '99')).rejects.toMatchObject({ code: 1, stderr: 'There is no dead letter 99.\n' });
    await expect(dlq('burn')).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining('burn is no command') });
    await publish(address, [aPost('3')]);
    expect(await until(stored, (ids) => ids.length === 3, 10_000)).toEqual(['1', '2', '3']);
  } finally {
    await hub.process.stop();
  }
}, 90_000);
