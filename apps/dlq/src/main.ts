import { loadConfig, type Config } from '@hub/config';
import { explainFailure, openBroker, type Broker } from '@hub/runtime';
import { describeLetter, details, summarize, table } from './describe.ts';
import { allLetters, findLetters } from './letters.ts';
import { readOptions, USAGE, UsageError, type Options } from './options.ts';
import { replay } from './replay.ts';

const USAGE_EXIT_CODE = 2;

const print = (text: string) => process.stdout.write(text);
const printJson = (value: object) => print(`${JSON.stringify(value)}\n`);

async function list(broker: Broker, { messaging }: Config, json: boolean): Promise<void> {
  const letters = await Array.fromAsync(allLetters(broker.deadLetters(messaging.topic)), summarize);
  if (json) letters.forEach(printJson);
  else print(letters.length === 0 ? `${messaging.topic} has no dead letters.\n` : table(letters));
}

async function show(broker: Broker, { messaging, consent }: Config, id: string, json: boolean): Promise<void> {
  const { found, absent } = await findLetters(broker.deadLetters(messaging.topic), [id]);
  complainOf(absent);
  for (const letter of found) {
    const description = describeLetter(letter, consent);
    if (json) printJson(description);
    else print(details(description));
  }
}

async function replayThem(
  broker: Broker,
  { messaging: { topic } }: Config,
  ids: readonly string[] | 'all',
  json: boolean,
) {
  const letters = broker.deadLetters(topic);
  const { found, absent } =
    ids === 'all' ? { found: allLetters(letters), absent: [] } : await findLetters(letters, ids);
  let count = 0;
  for await (const replayed of replay(found, broker.publisher(topic))) {
    count += 1;
    if (json) printJson({ replayed });
  }
  if (!json) print(`${count} ${count === 1 ? 'message is' : 'messages are'} on ${topic} again.\n`);
  complainOf(absent);
}

function complainOf(absent: readonly string[]): void {
  for (const id of absent) process.stderr.write(`There is no dead letter ${id}.\n`);
  if (absent.length > 0) process.exitCode = 1;
}

async function run(options: Exclude<Options, { command: 'help' }>, config: Config): Promise<void> {
  const broker = await openBroker(config, () => undefined);
  try {
    if (options.command === 'list') await list(broker, config, options.json);
    else if (options.command === 'show') await show(broker, config, options.id, options.json);
    else await replayThem(broker, config, options.ids, options.json);
  } finally {
    await broker.close();
  }
}

// A reader such as `head` that has enough closes the pipe: that is the end, not a failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

try {
  const options = readOptions(process.argv.slice(2));
  if (options.command === 'help') print(USAGE);
  else await run(options, loadConfig('dlq'));
} catch (error) {
  const usage = error instanceof UsageError;
  const { message, exitCode } = usage ? { message: error.message, exitCode: USAGE_EXIT_CODE } : explainFailure(error);
  process.stderr.write(`${message}\n`);
  process.exitCode = exitCode;
}
