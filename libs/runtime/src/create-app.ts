import type { Config } from '@hub/config';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Logger } from 'nestjs-pino';
import { closePromptly } from './close-promptly.ts';

/**
 * A Nest app that logs as all of them do, and whose failure to start is an error, not the end of the process. `bodyParser`:
 * whether bodies are read; what is only read from needs none.
 */
export async function createApp(
  module: DynamicModule,
  options: { bodyParser?: boolean } = {},
): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(module, {
    ...options,
    abortOnError: false,
    bufferLogs: true,
    // What goes wrong is thrown, and told once: not by the framework first.
    autoFlushLogs: false,
  });
  app.useLogger(app.get(Logger));
  app.flushLogs();
  app.disable('x-powered-by');
  closePromptly(app.getHttpServer());
  return app;
}

/** Starts what the app listens on besides its own servers: the operations port, where it is set. */
export async function listenForOperations(app: NestExpressApplication, config: Config): Promise<void> {
  if (config.operationsPort === undefined) await app.init();
  else await app.listen(config.operationsPort, config.http.host);
}
