import { connectHub, HubClientError } from '@hub/client';
import { readOptions, USAGE, UsageError, type TailOptions } from './options.ts';
import { tail } from './tail.ts';

const USAGE_EXIT_CODE = 2;

/** Prints until Ctrl-C, and then says how to go on from there. */
async function run(options: TailOptions): Promise<void> {
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort()).once('SIGTERM', () => stop.abort());
  const { url, token } = options;
  const hub = connectHub(url, { ...(token !== undefined && { token }) });
  try {
    const cursor = await tail(hub, options, process.stdout, stop.signal);
    if (cursor !== undefined) process.stderr.write(`\nTo go on from here: --cursor ${cursor}\n`);
  } finally {
    hub.close();
  }
}

function explain(error: unknown): string {
  if (!(error instanceof HubClientError)) return error instanceof Error ? error.message : String(error);
  if (error.code === 'unavailable') return `${error.message} Is it running? Start one with: npm start`;
  return error.oldest === undefined ? error.message : `${error.message}\nThe oldest: --cursor ${error.oldest}`;
}

// A reader such as `head` that has enough closes the pipe: that is the end, not a failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

try {
  const options = readOptions(process.argv.slice(2));
  if (options === 'help') process.stdout.write(USAGE);
  else await run(options);
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  process.exitCode = error instanceof UsageError ? USAGE_EXIT_CODE : 1;
}
