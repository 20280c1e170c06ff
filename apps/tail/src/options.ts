import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { filterSchema, type Filter } from '@hub/contracts';

export const USAGE = `Prints the posts of a hub as they come.

  npm run tail -- [options]

  --url URL          the hub; http://localhost:8080 unless told
  --token-file FILE  with the API key or token, for a hub that asks for one
  --json             one JSON object a line: {cursor, type, data}
  --last N           first the last N stored posts, 1 to 100
  --cursor CURSOR    go on after this position (printed at Ctrl-C)
  --help             this text

Filters; each may be given more than once or as a list with commas, one value is enough:
  --language en,de   --hashtag cats        --keyword "two words"
  --instance HOST    --account user@host   --mention user@host
  --media true|false|image|gifv|video|audio
  --reply, --sensitive, --bot: true or false
  --min-length N     at least N characters of text

What has any of these is left out:
  --not-language, --not-hashtag, --not-keyword, --not-instance, --not-account, --not-mention, --not-media
`;

export interface TailOptions {
  url: string;
  json: boolean;
  /** An API key or token. */
  token?: string;
  filter: Filter;
  last?: number;
  cursor?: string;
}

const MAX_LAST = 100;

/** What was asked for on the command line cannot be done; the message says why. */
export class UsageError extends Error {}

/** Reads the command line; 'help' if that is wanted. Throws UsageError. */
export function readOptions(args: readonly string[]): TailOptions | 'help' {
  const { url, json, help, last, cursor, 'token-file': tokenFile, ...filter } = parse(args);
  if (help) return 'help';
  if (!URL.canParse(url)) throw new UsageError(`--url: ${url} is no URL, such as http://localhost:8080.`);
  if (last !== undefined && cursor !== undefined) throw new UsageError('--last and --cursor exclude each other.');
  return {
    url,
    json,
    filter: readFilter(filter),
    ...(tokenFile !== undefined && { token: readToken(tokenFile) }),
    ...(last !== undefined && { last: readLast(last) }),
    ...(cursor !== undefined && { cursor }),
  };
}

/** Names of options, and where in a filter their values stand. */
const FILTER_OPTIONS = new Map<string, readonly string[]>(
  Object.keys(filterSchema.shape).flatMap((field): [string, readonly string[]][] => {
    if (field !== 'not') return [[optionName(field), [field]]];
    return Object.keys(filterSchema.shape.not.unwrap().shape).map((name) => [`not-${optionName(name)}`, [field, name]]);
  }),
);

function optionName(field: string): string {
  return field.replaceAll('_', '-');
}

function parse(args: readonly string[]) {
  const list = { type: 'string', multiple: true } as const;
  const filters = Object.fromEntries(Array.from(FILTER_OPTIONS.keys(), (name) => [name, list]));
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        ...filters,
        url: { type: 'string', default: 'http://localhost:8080' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
        'token-file': { type: 'string' },
        last: { type: 'string' },
        cursor: { type: 'string' },
      },
    });
    return values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function readFilter(given: Readonly<Record<string, unknown>>): Filter {
  const filter: Record<string, unknown> = {};
  const not: Record<string, unknown> = {};
  for (const [option, values] of Object.entries(given)) {
    const [first = '', second] = FILTER_OPTIONS.get(option) ?? [];
    const split = [values].flat().flatMap((value) => String(value).split(','));
    const value = split.length === 1 ? split[0] : split;
    if (second === undefined) filter[first] = value;
    else not[second] = value;
  }
  const read = filterSchema.safeParse(Object.keys(not).length === 0 ? filter : { ...filter, not });
  if (read.success) return read.data;
  const reasons = read.error.issues.map(
    ({ path, message }) => `--${path.map(String).map(optionName).join('-')}: ${message}`,
  );
  throw new UsageError(reasons.join('\n'));
}

/** From a file: what stands on a command line can be seen by all users of a machine. */
function readToken(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    throw new UsageError(`--token-file: ${file} cannot be read.`);
  }
}

function readLast(text: string): number {
  const last = Number(text);
  if (!Number.isInteger(last) || last < 1 || last > MAX_LAST)
    throw new UsageError(`--last: a number from 1 to ${MAX_LAST}.`);
  return last;
}
