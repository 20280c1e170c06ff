/* Runs outside of the test runner: imports nothing of it. */
import type { MessagingClient, ProcessRole } from './driver.ts';
import { message } from './messages.ts';

/** One line of a further process's output. */
export type ProcessWord =
  /** The publisher's message was acknowledged. */
  | { acknowledged: string }
  /** The consumer's handler got these keys, and resolves now. */
  | { handled: string[] }
  /** The consumer's handler got these keys, and never resolves. */
  | { hangsWith: string[] };

/** What a further process of a contract test does, until it is killed. */
export async function runContractProcess(client: MessagingClient, role: ProcessRole): Promise<void> {
  if (role.does === 'publish') await publishOn(client, role.topic);
  else await consumeOn(client, role);
}

async function publishOn(client: MessagingClient, topic: string): Promise<void> {
  const publisher = client.publisher(topic);
  for (let i = 0; ; i++) {
    await publisher.publish([message(`p${i}`)]);
    say({ acknowledged: `p${i}` });
  }
}

async function consumeOn(client: MessagingClient, role: ProcessRole & { does: 'consume' }): Promise<void> {
  const { topic, group, maxMessages, hangAfter } = role;
  let handled = 0;
  await client.subscription({ topic, group, maxMessages }).consume(
    async (batch) => {
      const keys = batch.map(({ key }) => key);
      if (handled >= hangAfter) {
        say({ hangsWith: keys });
        await new Promise(() => undefined);
      }
      handled += batch.length;
      say({ handled: keys });
      return [];
    },
    { signal: new AbortController().signal },
  );
}

function say(word: ProcessWord): void {
  process.stdout.write(`${JSON.stringify(word)}\n`);
}
