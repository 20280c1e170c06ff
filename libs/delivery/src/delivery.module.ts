import type { Server } from 'node:http';
import { Inject, Module, type DynamicModule, type NestModule, type OnApplicationBootstrap } from '@nestjs/common';
import { APP_FILTER, HttpAdapterHost } from '@nestjs/core';
import { Access } from './access/access.ts';
import { CONTROLLERS } from './controllers.ts';
import { DELIVERY_DEFAULTS, DELIVERY_OPTIONS, type DeliveryOptions } from './delivery.options.ts';
import { Feed } from './feed/feed.ts';
import { FeedGrpcServer } from './grpc/feed-grpc.server.ts';
import { askAgain, securityHeaders } from './http/answer-headers.ts';
import { compressJson } from './http/compress.ts';
import { EventStreams } from './http/event-streams.ts';
import { HttpErrorFilter } from './http/http-error.filter.ts';
import { answerMalformed } from './http/malformed-requests.ts';
import { upgradeWebSocketsAlone } from './http/upgrades.ts';
import { StreamingSockets } from './mastodon/streaming-sockets.ts';
import { DeliveryMetrics } from './metrics.ts';
import { shareWith } from './origins.ts';
import { FeedGateway } from './socket/feed.gateway.ts';
import { Drain } from './streams/drain.ts';
import { FeedStreams } from './streams/feed-streams.ts';
import { findWeb } from './web/find-web.ts';
import { readWebFiles, serveFiles } from './web/web-files.ts';

/**
 * The gateway: the store's feed over Socket.IO and server-sent events, stored posts over REST, and the web client.
 * Needs a STORE and a metrics Registry from the application. Sets the headers of all HTTP answers of the application.
 */
@Module({})
export class DeliveryModule implements NestModule, OnApplicationBootstrap {
  constructor(
    @Inject(DELIVERY_OPTIONS) private readonly options: DeliveryOptions,
    private readonly http: HttpAdapterHost,
  ) {}

  static forRoot(options: Partial<DeliveryOptions> = {}): DynamicModule {
    return {
      module: DeliveryModule,
      controllers: CONTROLLERS,
      providers: [
        { provide: DELIVERY_OPTIONS, useValue: { ...DELIVERY_DEFAULTS, ...options } },
        { provide: APP_FILTER, useClass: HttpErrorFilter },
        DeliveryMetrics,
        Access,
        Drain,
        Feed,
        FeedStreams,
        EventStreams,
        FeedGateway,
        FeedGrpcServer,
        StreamingSockets,
      ],
      exports: [Feed],
    };
  }

  /** Not for the paths of routes alone, as Nest has it: also what is no path of any is answered with these headers. */
  configure(): void {
    const web = findWeb(import.meta.dirname);
    const { httpAdapter } = this.http;
    httpAdapter.use(securityHeaders, askAgain);
    // The page's own files are for no other page, and what keeps them must not ask who they are for (Vary).
    if (web !== undefined) httpAdapter.use(serveFiles(readWebFiles(web)));
    httpAdapter.use(shareWith(this.options.allowedOrigins), compressJson);
  }

  onApplicationBootstrap(): void {
    const server = this.http.httpAdapter.getHttpServer() as Server;
    answerMalformed(server);
    upgradeWebSocketsAlone(server);
  }
}
