import { nested, text, type JsonObject } from '../mastodon/json.ts';
import type { StreamName } from '../options.ts';
import { TOKEN, isUnreachable } from './explain-end.ts';
import type { ConnectionEnd } from './connection.ts';

/** What can be had of a source: stable words, used as metric labels. */
export const CAPABILITIES = [
  'unknown',
  'ok',
  'needs_token',
  'token_refused',
  'feeds_disabled',
  'deletes_only',
  'unreachable',
] as const;
export type Capability = (typeof CAPABILITIES)[number];

export interface Finding {
  capability: Capability;
  /** For people: what it means, and what they can do. */
  words: string;
}

/** The source that is judged. */
export interface Subject {
  source: string;
  stream: StreamName;
  hasToken: boolean;
}

/** What the instance document says of a stream's feed; undefined: nothing, as servers before Mastodon 4.5. */
export function judgeInstance(instance: JsonObject, subject: Subject): Finding | undefined {
  const { source, stream, hasToken } = subject;
  const settings = settingsOf(instance, stream);
  if (settings.length === 0) return undefined;
  if (settings.every((setting) => setting === 'disabled')) {
    const words = `${source} has switched the live feed of ${stream} off: the stream may connect, but it carries deletions alone. Read another server.`;
    return { capability: 'feeds_disabled', words };
  }
  if (settings.includes('authenticated') && !hasToken) return needsToken(subject);
  const part = settings.includes('disabled') ? ', in part: one of its feeds, local or remote, is switched off' : '';
  return { capability: 'ok', words: `${source} lets ${stream} be read${part}.` };
}

/** What the end of a connection says of the source, if it says anything. */
export function judgeEnd(end: ConnectionEnd, subject: Subject): Finding | undefined {
  if (end.status === 401 || end.status === 403) return subject.hasToken ? tokenRefused(subject) : needsToken(subject);
  if (!isUnreachable(end)) return undefined;
  return { capability: 'unreachable', words: `${subject.source} cannot be reached (${end.detail}).` };
}

export function tokenRefused({ source }: Subject): Finding {
  const words = `${source} refused the access token: set ${TOKEN} to a token of a user of ${source}, with the scope read.`;
  return { capability: 'token_refused', words };
}

function needsToken({ source, stream }: Subject): Finding {
  const words = `${source} gives ${stream} to its users only: set ${TOKEN} to a token of a user of ${source}.`;
  return { capability: 'needs_token', words };
}

function settingsOf(instance: JsonObject, stream: StreamName): string[] {
  const access = nested(instance, 'configuration', (configuration) =>
    nested(configuration, 'timelines_access', (feeds) =>
      nested(feeds, stream.startsWith('hashtag:') ? 'hashtag_feeds' : 'live_feeds', (feed) => feed),
    ),
  );
  if (access === undefined) return [];
  const scopes = stream === 'public:local' ? ['local'] : stream === 'public:remote' ? ['remote'] : ['local', 'remote'];
  return scopes.map((scope) => text(access, scope)).filter((setting) => setting !== '');
}
