import { reachableHost } from '@hub/runtime';
import type { Config } from '@hub/config';

/** What a person who has just started the hub wants to know. `simulator`: the URL of the hub's own, if it reads that. */
export function banner({ http, dataDir, retentionDays, sources }: Config, simulator: string | undefined): string {
  const url = `http://${reachableHost(http.host)}:${http.port}`;
  const reading =
    simulator === undefined
      ? sources.map(({ server, stream }) => `${server} (${stream})`).join('\n           ')
      : `its own simulator at ${simulator}: set MASTODON_SERVER to read a real server`;
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
