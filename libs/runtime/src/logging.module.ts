import type { Config } from '@hub/config';
import type { DynamicModule } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import { pino, type LoggerOptions } from 'pino';
import { PinoPretty } from 'pino-pretty';

/** Structured logs: for people on a terminal, JSON lines elsewhere. Requests are metrics, not log lines. */
export function loggingModule({ app, logLevel }: Pick<Config, 'app' | 'logLevel'>): DynamicModule {
  const stream = process.stdout.isTTY
    ? PinoPretty({
        colorize: true,
        ignore: 'pid,hostname,app,context',
        messageFormat: '{context}: {msg}',
        translateTime: 'HH:MM:ss',
      })
    : pino.destination(1);
  return LoggerModule.forRoot({
    pinoHttp: [
      {
        level: logLevel,
        base: { app },
        autoLogging: false,
        quietReqLogger: true,
        redact: SECRETS,
        hooks: { logMethod },
      },
      stream,
    ],
    // Bound to no route: nothing of a request belongs in the logs.
    forRoutes: [],
  });
}

const SECRETS = ['accessToken', 'access_token', 'authorization', '*.accessToken', '*.access_token', '*.authorization'];

/** Nest tells of every module and route at its start: of use to who debugs, noise to everyone else. */
const FRAMEWORK = new Set([
  'InstanceLoader',
  'NestApplication',
  'NestFactory',
  'NestMicroservice',
  'RouterExplorer',
  'RoutesResolver',
  'WebSocketsController',
]);
const INFO = 30;

type LogMethod = NonNullable<NonNullable<LoggerOptions['hooks']>['logMethod']>;

const logMethod: LogMethod = function (args, method, level) {
  const [first] = args as unknown[];
  const context = typeof first === 'object' && first !== null && 'context' in first ? first.context : undefined;
  const isNoise = level === INFO && typeof context === 'string' && FRAMEWORK.has(context);
  if (!isNoise || this.isLevelEnabled('debug')) method.apply(this, args);
};
