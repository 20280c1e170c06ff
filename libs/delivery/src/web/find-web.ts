import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Where `npm run build` leaves the web client: in dist/apps beside the apps, and in an image beside the one app. */
const PLACES = ['web/index.html', 'dist/apps/web/index.html'];

/** The folder of the built web client, looked for upwards from `from`; undefined if it was not built. */
export function findWeb(from: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const found = PLACES.map((place) => join(folder, place)).find((file) => existsSync(file));
    if (found !== undefined) return dirname(found);
    if (folder === dirname(folder)) return undefined;
  }
}
