import { Logger } from '@nestjs/common';
import { BaseRpcContext, Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';
import type { Delivery, Rejection, Subscription } from '@hub/messaging';
import { POST_EVENTS } from './post-events.ts';

export interface MessagingServerOptions {
  /**
   * Called when consuming has ended by an error that no retry mends. The process must not go on as if it consumed.
   * By default the error is thrown as an uncaught exception, which ends the process.
   */
  onFatal?: (error: unknown) => void;
}

/**
 * Runs a subscription as a Nest microservice: each batch goes to the one handler of POST_EVENTS, whose payload is
 * `readonly Delivery[]` and whose resolved value is `readonly Rejection[]`. Acknowledgement, retries and dead letters
 * are the subscription's: what the handler throws reaches it unchanged.
 */
export class MessagingServer extends Server implements CustomTransportStrategy {
  /** Failures decide about redelivery; they are not only to be logged. */
  override readonly propagatesEventHandlerErrors = true;
  protected override readonly logger = new Logger(MessagingServer.name);
  private readonly ending = new AbortController();
  private consuming: Promise<void> | undefined;

  constructor(
    private readonly subscription: Subscription,
    private readonly options: MessagingServerOptions = {},
  ) {
    super();
  }

  listen(callback: (error?: unknown) => void): void {
    const handler = this.messageHandlers.get(POST_EVENTS);
    if (handler === undefined || handler.next !== undefined) {
      callback(new Error(`there must be exactly one handler of '${POST_EVENTS}' (@HandlesPostEvents)`));
      return;
    }
    this.consuming = this.consume(handler);
    callback();
  }

  /** Finishes the batch in hand, then closes the subscription. */
  async close(): Promise<void> {
    this.ending.abort();
    await this.consuming;
    await this.subscription.close();
  }

  on(): never {
    throw new Error('a subscription has no events');
  }

  unwrap(): never {
    throw new Error('the subscription belongs to whoever made it');
  }

  private async consume(handler: MessageHandler): Promise<void> {
    try {
      await this.subscription.consume((batch) => this.dispatch(handler, batch), { signal: this.ending.signal });
    } catch (error) {
      (this.options.onFatal ?? throwUncaught)(error);
    }
  }

  private async dispatch(handler: MessageHandler, batch: readonly Delivery[]): Promise<readonly Rejection[]> {
    const result: unknown = await handler(batch, new BaseRpcContext([]));
    const rejections: unknown = isObservable(result) ? await lastValueFrom(result) : result;
    if (!Array.isArray(rejections)) throw new Error(`the handler of '${POST_EVENTS}' must resolve to rejections`);
    return rejections as readonly Rejection[];
  }
}

function throwUncaught(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
