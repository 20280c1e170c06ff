import { parseArgs } from 'node:util';

export const USAGE = `Looks after what could not be processed. It reads the same environment (.env) as the services.

  npm run dlq -- list            all dead letters, oldest first
  npm run dlq -- show ID         one of them, with what it says as far as it can be read
  npm run dlq -- replay ID …     puts them on their topic again
  npm run dlq -- replay --all    puts all of them there, the same message once

  --json                         JSON, one object a line
  --help                         this text

A replayed letter stays where it is until it is too old (RETENTION_DAYS); what fails again is a new one.
`;

/** What was asked for on the command line cannot be done; the message says why. */
export class UsageError extends Error {}

export type Options =
  | { command: 'help' }
  | { command: 'list'; json: boolean }
  | { command: 'show'; id: string; json: boolean }
  | { command: 'replay'; ids: readonly string[] | 'all'; json: boolean };

/** Reads the command line. Throws UsageError. */
export function readOptions(args: readonly string[]): Options {
  const { values, positionals } = parse(args);
  const [command, ...ids] = positionals;
  const { json, all, help } = values;
  if (help || command === undefined) return { command: 'help' };
  if (all && command !== 'replay') throw new UsageError('--all goes with replay.');
  switch (command) {
    case 'list':
      if (ids.length > 0) throw new UsageError('list takes no further words.');
      return { command, json };
    case 'show':
      if (ids[0] === undefined || ids.length > 1) throw new UsageError('show takes one id, as list prints it.');
      return { command, id: ids[0], json };
    case 'replay':
      if (all === ids.length > 0) throw new UsageError('replay takes ids, as list prints them, or --all.');
      return { command, ids: all ? 'all' : ids, json };
    default:
      throw new UsageError(`${command} is no command: list, show or replay.`);
  }
}

function parse(args: readonly string[]) {
  const flag = { type: 'boolean', default: false } as const;
  try {
    const options = { json: flag, all: flag, help: { ...flag, short: 'h' } } as const;
    return parseArgs({ args: [...args], allowPositionals: true, options });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
