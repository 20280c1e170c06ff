import { Module, type DynamicModule, type MiddlewareConsumer, type NestModule } from '@nestjs/common';
import { GoogleToken, type GoogleTokenOptions } from './google-token.ts';
import { PushAdmission } from './push-admission.ts';
import { PushController } from './push.controller.ts';

/**
 * POST /pubsub/push: the endpoint of a push subscription, for serverless use. Needs a global SUBSCRIPTION that is a
 * PushSubscription (see PubSubBroker.pushSubscription), and an application without Nest's body parser
 * (`bodyParser: false`): that one takes 100 KB at most, and from anybody.
 */
@Module({})
export class PubSubPushModule implements NestModule {
  static forRoot(options: GoogleTokenOptions): DynamicModule {
    return {
      module: PubSubPushModule,
      controllers: [PushController],
      providers: [PushAdmission, { provide: GoogleToken, useFactory: () => new GoogleToken(options) }],
    };
  }

  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(PushAdmission).forRoutes(PushController);
  }
}
