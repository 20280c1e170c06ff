import {
  BadRequestException,
  Controller,
  ForbiddenException,
  HttpCode,
  HttpStatus,
  Inject,
  Post,
  Req,
  ServiceUnavailableException,
} from '@nestjs/common';
import type { Request } from 'express';
import { SUBSCRIPTION, type Subscription } from '@hub/messaging';
import { toDelivery } from '../messages.ts';
import { PushSubscription } from '../push-subscription.ts';
import { MAX_BODY_BYTES } from './push-admission.ts';
import { readPush } from './pushed-message.ts';
import { readJson } from './read-json.ts';

/** 204 when the message is handled, or a durable dead letter; anything else makes Pub/Sub push it again. */
@Controller('pubsub/push')
export class PushController {
  private readonly subscription: PushSubscription;

  constructor(@Inject(SUBSCRIPTION) subscription: Subscription) {
    if (!(subscription instanceof PushSubscription)) throw new Error('SUBSCRIPTION is no PushSubscription');
    this.subscription = subscription;
  }

  @Post()
  @HttpCode(HttpStatus.NO_CONTENT)
  async push(@Req() request: Request): Promise<void> {
    // Read by now if the application has a parser of its own.
    const body: unknown = request.body ?? (await readJson(request, MAX_BODY_BYTES));
    const pushed = readPush(body);
    if (pushed === undefined) throw new BadRequestException('This is no message that Pub/Sub pushes.');
    if (pushed.subscription !== this.subscription.name) {
      throw new ForbiddenException(`This endpoint is for ${this.subscription.name}.`);
    }
    const outcome = await this.subscription.receive(toDelivery(this.subscription.topic, pushed.message));
    if (outcome === 'later') throw new ServiceUnavailableException('Not now.');
  }
}
