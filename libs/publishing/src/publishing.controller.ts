import { Controller } from '@nestjs/common';
import { GrpcStreamCall } from '@nestjs/microservices';
import type { sendUnaryData, ServerReadableStream } from '@grpc/grpc-js';
import type { PublicPost, PublishResponse, PubSubGenericMessage, PubSubPublishResponse } from '@hub/contracts/proto';
import { Intake } from './intake.ts';
import { PublishStreams } from './publish-streams.ts';

/** The original system's two publishing services. Reads by `for await`, so that HTTP/2 flow control holds the client. */
@Controller()
export class PublishingController {
  readonly #streams: PublishStreams;
  readonly #intake: Intake;

  constructor(streams: PublishStreams, intake: Intake) {
    this.#streams = streams;
    this.#intake = intake;
  }

  @GrpcStreamCall('GenericPubSubService', 'Publish')
  async publish(
    call: ServerReadableStream<PubSubGenericMessage, PubSubPublishResponse>,
    callback: sendUnaryData<PubSubPublishResponse>,
  ): Promise<void> {
    await this.#streams.run(call, callback, {
      service: 'GenericPubSubService',
      toEnvelope: (message) => this.#intake.fromMessage(message),
      response: () => ({ success: true }),
    });
  }

  @GrpcStreamCall('PubSubService', 'PublishPost')
  async publishPost(
    call: ServerReadableStream<PublicPost, PublishResponse>,
    callback: sendUnaryData<PublishResponse>,
  ): Promise<void> {
    await this.#streams.run(call, callback, {
      service: 'PubSubService',
      toEnvelope: (post) => this.#intake.fromPost(post),
      response: (count) => ({ success: true, message: `${count} posts accepted` }),
    });
  }
}
