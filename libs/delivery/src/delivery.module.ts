import {
  Inject,
  Module,
  RequestMethod,
  type DynamicModule,
  type MiddlewareConsumer,
  type NestModule,
} from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import helmet from 'helmet';
import { Access } from './access/access.ts';
import { CONTROLLERS } from './controllers.ts';
import { DELIVERY_DEFAULTS, DELIVERY_OPTIONS, type DeliveryOptions } from './delivery.options.ts';
import { Feed } from './feed/feed.ts';
import { FeedGrpcServer } from './grpc/feed-grpc.server.ts';
import { HttpErrorFilter } from './http/http-error.filter.ts';
import { StreamingSockets } from './mastodon/streaming-sockets.ts';
import { DeliveryMetrics } from './metrics.ts';
import { shareWith } from './origins.ts';
import { FeedGateway } from './socket/feed.gateway.ts';
import { Drain } from './streams/drain.ts';
import { FeedStreams } from './streams/feed-streams.ts';
import { findWeb } from './web/find-web.ts';
import { readWebFiles, serveFiles } from './web/web-files.ts';

/** Scripts and styles from here alone; pictures and sound from wherever posts keep them. */
const CONTENT_SECURITY_POLICY = {
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    connectSrc: ["'self'"],
    fontSrc: ["'self'"],
    manifestSrc: ["'self'"],
    imgSrc: ["'self'", 'data:', 'https:', 'http:'],
    mediaSrc: ['https:', 'http:'],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
  },
};

/** Whether the host is reached by https alone is for the proxy in front to say. */
const HEADERS = helmet({ contentSecurityPolicy: CONTENT_SECURITY_POLICY, strictTransportSecurity: false });

/**
 * The gateway: the store's feed over Socket.IO and server-sent events, stored posts over REST, and the web client.
 * Needs a STORE and a metrics Registry from the application. Sets the headers of all HTTP answers of the application.
 */
@Module({})
export class DeliveryModule implements NestModule {
  constructor(@Inject(DELIVERY_OPTIONS) private readonly options: DeliveryOptions) {}

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
        FeedGateway,
        FeedGrpcServer,
        StreamingSockets,
      ],
      exports: [Feed],
    };
  }

  configure(consumer: MiddlewareConsumer): void {
    const web = findWeb(import.meta.dirname);
    consumer
      .apply(
        HEADERS,
        shareWith(this.options.allowedOrigins),
        serveFiles(web === undefined ? new Map() : readWebFiles(web)),
      )
      .forRoutes({ path: '{*path}', method: RequestMethod.ALL });
  }
}
