import { types } from 'node:util';
import { ConfigError, type Config } from '@hub/config';
import { HubError } from '@hub/contracts';

export interface Failure {
  message: string;
  exitCode: number;
}

/** What a person can do about an error that ended the process. */
export function explainFailure(error: unknown, config?: Config): Failure {
  if (error instanceof ConfigError) return { message: error.message, exitCode: ConfigError.EXIT_CODE };
  if (error instanceof HubError) return { message: error.message, exitCode: 1 };
  const port = takenPort(error);
  if (port !== undefined) return { message: portMessage(port, config), exitCode: 1 };
  return { message: types.isNativeError(error) ? (error.stack ?? error.message) : String(error), exitCode: 1 };
}

function takenPort(error: unknown): number | undefined {
  if (!types.isNativeError(error)) return undefined;
  // node:net says EADDRINUSE with the port; grpc-js only in its message.
  if ('port' in error && 'code' in error && error.code === 'EADDRINUSE') return Number(error.port);
  const found = /EADDRINUSE[^\n]*?:(\d+)\b|:(\d+)\b[^\n]*EADDRINUSE/.exec(error.message);
  return found === null ? undefined : Number(found[1] ?? found[2]);
}

function portMessage(port: number, config: Config | undefined): string {
  const variable = config && variableOf(port, config);
  const remedy = variable === undefined ? '' : ` Stop it, or set ${variable} to another port.`;
  return `Port ${port} is in use by another program.${remedy}`;
}

function variableOf(port: number, { http, grpc, simulator, operationsPort }: Config): string | undefined {
  if (port === http.port) return 'API_GATEWAY_SERVER_PORT';
  if (port === grpc.port) return 'SERVICE_PORT';
  if (port === simulator.port) return 'SIMULATOR_PORT';
  return port === operationsPort ? 'OPERATIONS_PORT' : undefined;
}
