import type { Config } from '@hub/config';
import type { DynamicModule } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import { pino } from 'pino';
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
    pinoHttp: [{ level: logLevel, base: { app }, autoLogging: false, quietReqLogger: true, redact: SECRETS }, stream],
    // Bound to no route: nothing of a request belongs in the logs.
    forRoutes: [],
  });
}

const SECRETS = ['accessToken', 'access_token', 'authorization', '*.accessToken', '*.access_token', '*.authorization'];
