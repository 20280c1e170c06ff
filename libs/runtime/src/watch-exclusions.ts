import { existsSync, readFileSync, watchFile } from 'node:fs';
import type { Config } from '@hub/config';
import { Blocklist, type Excluder } from '@hub/policy';
import { Logger } from '@nestjs/common';

/** How soon a change of the file is noticed, in milliseconds. */
const LOOK_MS = 1000;

/**
 * Whom the operator leaves out: by the blocklist, which is read again when its file changes, and bots where told.
 * A file that vanishes or cannot be read changes nothing.
 */
export function watchExclusions({
  blocklistFile,
  includeBots,
}: Pick<Config, 'blocklistFile' | 'includeBots'>): Excluder {
  const logger = new Logger('Blocklist');
  const list = new Blocklist();
  const read = () => {
    try {
      tell(logger, blocklistFile, list.replace(readFileSync(blocklistFile, 'utf8')), list.size);
    } catch (error) {
      logger.error(`${blocklistFile} cannot be read; what was read before holds: ${String(error)}`);
    }
  };
  if (existsSync(blocklistFile)) read();
  watchFile(blocklistFile, { interval: LOOK_MS, persistent: false }, ({ mtimeMs }, before) => {
    if (mtimeMs > 0) read();
    else if (before.mtimeMs > 0) logger.warn(`${blocklistFile} is gone; what it said holds until the next start.`);
  });
  return (post) =>
    list.refusal({ uri: post.uri, account: post.account }) ?? (isBot(post) && !includeBots ? 'bot' : undefined);
}

function isBot({ account }: Parameters<Excluder>[0]): boolean {
  return account?.bot === true;
}

function tell(logger: Logger, file: string, wrong: readonly number[], size: number): void {
  logger.log(`${file} leaves out ${size} domains, accounts or posts.`);
  if (wrong.length > 0) logger.warn(`${file}: no domain, user@host or URI in line ${wrong.join(', ')}.`);
}
