import { Logger } from '@nestjs/common';
import { ConfigError, loadConfig, type AppName, type Config } from '@hub/config';
import type { RunningApp } from './run.ts';

/**
 * SIGHUP: what can change while the app runs is read again. A configuration that cannot be used changes nothing. At a
 * terminal, whose closing sends the same signal, it ends the process as ever.
 */
export function reloadOnSignal(name: AppName, starting: Promise<RunningApp>): void {
  if (process.stdout.isTTY) return;
  const logger = new Logger('Reload');
  process.on('SIGHUP', () => {
    reload(name, starting).then(
      () => logger.log('The configuration was read again.'),
      (error: unknown) => logger.error(`Nothing was changed. ${explain(error)}`),
    );
  });
}

async function reload(name: AppName, starting: Promise<RunningApp>): Promise<void> {
  const app = await starting;
  const config: Config = loadConfig(name);
  await app.reload?.(config);
}

function explain(error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
