import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { loadConfig } from '@hub/config';
import { Blocklist, parseEntry } from '@hub/policy';
import { explainFailure, openStore } from '@hub/runtime';
import { block } from './block.ts';
import { forget } from './forget.ts';

const USAGE = `Removes a post, an account or a whole domain from the hub, and keeps it out from now on.

  npm run forget -- URI | user@host | DOMAIN

It reads the same environment (.env) as the services, which may go on running: they read the blocklist
(BLOCKLIST_FILE) again by themselves. On several machines, it has to be the same file, or be copied to each.
`;
const USAGE_EXIT_CODE = 2;
/** The services look at the file each second; what they had in hand then is stored by now. */
const SETTLE_MS = 4000;

async function run(target: string): Promise<void> {
  const config = loadConfig('forget');
  const added = block(config.blocklistFile, target);
  process.stdout.write(
    `${target} is ${added ? 'now' : 'already'} in ${config.blocklistFile}: nothing of it is taken any more.\n`,
  );
  await sleep(SETTLE_MS);
  const list = new Blocklist();
  list.replace(target);
  const store = await openStore(config);
  try {
    const { posts, quotes, left } = await forget(store, list);
    process.stdout.write(
      `Gone: ${posts} posts and boosts, from the store, search and replay; taken out of ${quotes} posts that quote them.\n` +
        `Looked again: ${left} posts of it are left.\n`,
    );
    if (left > 0) process.exitCode = 1;
  } finally {
    await store.close();
  }
}

try {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { help: { type: 'boolean', short: 'h', default: false } },
  });
  const [target = ''] = positionals;
  if (values.help) process.stdout.write(USAGE);
  else if (positionals.length === 1 && parseEntry(target) !== undefined) await run(target);
  else {
    process.stderr.write(USAGE);
    process.exitCode = USAGE_EXIT_CODE;
  }
} catch (error) {
  const { message, exitCode } = explainFailure(error);
  process.stderr.write(`${message}\n`);
  process.exitCode = exitCode;
}
