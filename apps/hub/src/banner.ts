import { reachableHost } from '@hub/runtime';
import type { Config, SourceConfig } from '@hub/config';

/** What a person who has just started the hub wants to know. */
export function banner({ http, dataDir, retentionDays, source: configured }: Config, source: SourceConfig): string {
  const url = `http://${reachableHost(http.host)}:${http.port}`;
  const reading =
    configured === undefined
      ? `its own simulator at ${source.server}: set MASTODON_SERVER to read a real server`
      : `${source.server} (${source.stream})`;
  return [
    'Mastodon Stream Hub is running.',
    `  reading  ${reading}`,
    `  look     ${url}/`,
    `  try      curl -N ${url}/api/v1/feed`,
    '           npm run tail',
    `  data     ${dataDir}, kept ${retentionDays} days`,
    '  stop     Ctrl-C',
    '',
  ].join('\n');
}
