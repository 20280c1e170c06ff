import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Client, credentials, Metadata } from '@grpc/grpc-js';
import { GenericPubSubServiceService } from '@hub/contracts/proto';
import { CLEAN, entryOf } from '../e2e/support/apps.ts';

const KEY = 'poison.example/1';

/** Publishes what nobody can read: it must end as a dead letter, and hold nothing up. */
export async function publishPoison(producerAddress: string): Promise<void> {
  const { path, requestSerialize, responseDeserialize } = GenericPubSubServiceService.publish;
  // A connection of its own: one that others had may be of a producer that was killed.
  const client = new Client(producerAddress, credentials.createInsecure(), { 'grpc.use_local_subchannel_pool': 1 });
  await promisify(client.waitForReady.bind(client))(Date.now() + 10_000);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const call = client.makeClientStreamRequest(
    path,
    requestSerialize,
    responseDeserialize,
    new Metadata(),
    {},
    (error) => (error === null ? resolve() : reject(error)),
  );
  call.end({ key: Buffer.from(KEY), value: Buffer.from('not protobuf'), attributes: {} });
  await promise;
  client.close();
}

/** What the dlq command, run in `dir`, lists: whether there are letters, and those that are not the poison. */
export async function deadLetters(dir: string, env: Record<string, string> = {}) {
  const { stdout } = await promisify(execFile)(process.execPath, [entryOf('dlq'), 'list', '--json'], {
    cwd: dir,
    env: { PATH: process.env['PATH'], ...CLEAN, ...env },
  });
  const letters = stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Letter);
  // More than one if the processor was killed between writing it and telling so.
  return {
    some: letters.length > 0,
    others: letters.filter(({ key, reason }) => key !== KEY || reason !== 'invalid_event'),
  };
}

interface Letter {
  key: string;
  reason: string;
  origin: string;
}

export const POISON_ALONE = { some: true, others: [] };
