import { HubError } from '@hub/contracts';
import { loadConfig, type AppName, type Config } from '@hub/config';
import { explainFailure } from './explain-failure.ts';
import { reloadOnSignal } from './reload-on-signal.ts';

/** A started app. */
export interface RunningApp {
  /** Stops in order: what reads first, what stores last. */
  close(): Promise<void>;
  /** Takes over what can change while it runs. */
  reload?(config: Config): Promise<void>;
}

/** How long an orderly stop may take before the process ends all the same, in milliseconds. */
const STOP_DEADLINE_MS = 20_000;

/**
 * The life of an app's process: reads the configuration, starts, waits for SIGINT or SIGTERM, stops in order.
 * SIGHUP reads again what can change while it runs. A failure is told in words on standard error; exit codes are 78 for the environment and 1 for the rest.
 */
export async function run(name: AppName, start: (config: Config) => Promise<RunningApp>): Promise<void> {
  process.on('uncaughtException', (error) => stopLoudly(error));
  process.on('unhandledRejection', (error) => stopLoudly(error));
  let config: Config | undefined;
  try {
    checkNode();
    config = loadConfig(name);
    const app = start(config);
    stopOnSignal(app);
    reloadOnSignal(name, app);
    await app;
  } catch (error) {
    stopLoudly(error, config);
  }
}

function checkNode(): void {
  const [major = 0] = process.versions.node.split('.').map(Number);
  if (major < 24)
    throw new HubError('invalid_config', `The hub needs Node 24; this is ${process.version}. Start it by npm.`);
}

/** Ends the process: what it found makes going on worse than stopping. */
export function stopLoudly(error: unknown, config?: Config): never {
  const { message, exitCode } = explainFailure(error, config);
  process.stderr.write(`${message}\n`);
  process.exit(exitCode);
}

/** From the first moment, so that a signal during the start is heeded too: what has started then stops in order. */
function stopOnSignal(starting: Promise<RunningApp>): void {
  let stopping = false;
  const stop = () => {
    if (stopping) process.exit(1);
    stopping = true;
    setTimeout(() => stopLoudly(new Error('The orderly stop took too long.')), STOP_DEADLINE_MS).unref();
    starting
      .then((app) => app.close())
      .then(
        () => process.exit(0),
        (error: unknown) => stopLoudly(error),
      );
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}
