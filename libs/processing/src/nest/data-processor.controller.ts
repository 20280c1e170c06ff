import { status } from '@grpc/grpc-js';
import { Controller, Inject } from '@nestjs/common';
import { GrpcMethod, RpcException } from '@nestjs/microservices';
import { decodeEvent, InvalidEventError, type PublicPost, type PubSubGenericMessage } from '@hub/contracts/proto';
import { preparePost } from '../process-event.ts';
import { PROCESSING_OPTIONS, type ProcessingOptions } from './options.ts';

/** The original system's processing service: what the hub would show of a message, with no effect on the store. */
@Controller()
export class DataProcessorController {
  constructor(@Inject(PROCESSING_OPTIONS) private readonly options: ProcessingOptions) {}

  @GrpcMethod('DataProcessor', 'ProcessData')
  processData({ key, value, attributes }: PubSubGenericMessage): PublicPost {
    const prepared = this.prepare({ key: Buffer.from(key).toString(), value, headers: attributes });
    if (prepared.kind === 'refused') {
      throw rpcError(status.FAILED_PRECONDITION, `the post may not be carried: ${prepared.reason}`);
    }
    return prepared.post;
  }

  private prepare(envelope: Parameters<typeof decodeEvent>[0]): ReturnType<typeof preparePost> {
    try {
      return preparePost(decodeEvent(envelope, 0), this.options.consent, this.options.excluded);
    } catch (error) {
      if (error instanceof InvalidEventError) throw rpcError(status.INVALID_ARGUMENT, error.message);
      throw error;
    }
  }
}

function rpcError(code: status, message: string): RpcException {
  return new RpcException({ code, message });
}
