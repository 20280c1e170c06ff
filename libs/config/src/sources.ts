import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { ConfigError } from './config-error.ts';
import { server, stream, type StreamSetting } from './source-schema.ts';

export interface SourceConfig {
  /** Origin, like https://mastodon.social. */
  server: string;
  accessToken?: string;
  stream: StreamSetting;
}

const FIELDS = {
  server: { schema: server, accepts: 'a host name or URL, like mastodon.social' },
  stream: { schema: stream.default('public'), accepts: 'public, public:local, public:remote or hashtag:NAME' },
  accessToken: { schema: z.string().min(1).optional(), accepts: 'the access token of a user of that server' },
} as const;
type FieldName = keyof typeof FIELDS;
const NAMES = Object.keys(FIELDS) as FieldName[];
const entry = z.object({
  server: FIELDS.server.schema,
  stream: FIELDS.stream.schema,
  accessToken: FIELDS.accessToken.schema,
});

/**
 * Reads MASTODON_SOURCES: a JSON array of {server, stream, accessToken}, or the path of a file that holds one. Throws
 * ConfigError with all that is wrong; it names entries by place and server, and holds nothing else of what was given,
 * because that may be a token.
 */
export function readSources(value: string): SourceConfig[] {
  const entries = parse(value.startsWith('[') ? value : readText(value));
  const problems = entries.flatMap((each, index) => problemsOf(each, nameOf(each, index)));
  if (problems.length > 0) throw wrong(...problems);
  return entries.map((each) => toSource(entry.parse(each)));
}

function toSource({ server: origin, stream: name, accessToken }: z.infer<typeof entry>): SourceConfig {
  return { server: origin, stream: name, ...(accessToken !== undefined && { accessToken }) };
}

/** One stream of one server is read once: two readers would share a checkpoint. Throws ConfigError. */
export function checkDistinct(sources: readonly SourceConfig[]): void {
  const seen = new Set<string>();
  for (const { server: origin, stream: name } of sources) {
    const key = `${new URL(origin).host} ${name}`;
    if (seen.has(key)) throw wrong(`the stream ${name} of ${new URL(origin).host} is named twice`);
    seen.add(key);
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    throw wrong('is neither a JSON array nor the path of a file that can be read');
  }
}

function parse(json: string): unknown[] {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    // The parser's own message quotes what it read.
    throw wrong('is not JSON: accepts an array of {"server": …, "stream": …, "accessToken": …}');
  }
  if (!Array.isArray(value)) throw wrong('is no array: accepts [{"server": …, "stream": …, "accessToken": …}, …]');
  return value as unknown[];
}

function nameOf(each: unknown, index: number): string {
  const named = z.object({ server }).safeParse(each);
  const host = named.success ? ` (${new URL(named.data.server).host})` : '';
  return `entry ${index + 1}${host}`;
}

function problemsOf(each: unknown, name: string): string[] {
  if (typeof each !== 'object' || each === null) return [`${name} is no object`];
  const unknown = Object.keys(each).filter((key) => !Object.hasOwn(FIELDS, key));
  const checked = entry.safeParse(each);
  const fields = new Set(checked.success ? [] : checked.error.issues.map(({ path }) => path[0]));
  return [
    ...(unknown.length > 0 ? [`${name} has a field that is not known; accepts ${NAMES.join(', ')}`] : []),
    ...NAMES.filter((field) => fields.has(field)).map((field) => `${name}: ${field} accepts ${FIELDS[field].accepts}`),
  ];
}

function wrong(...problems: string[]): ConfigError {
  return new ConfigError(problems.map((problem) => ({ variable: 'MASTODON_SOURCES', problem })));
}
