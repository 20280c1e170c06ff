import { promisify } from 'node:util';
import { Client, credentials, Metadata } from '@grpc/grpc-js';
import { GenericPubSubServiceService, PubSubGenericMessage } from '@hub/contracts/proto';

const { path, requestSerialize, responseDeserialize } = GenericPubSubServiceService.publish;
const READY_MS = 10_000;
const TAKEN_MS = 30_000;

/** Publishes as any gRPC client may; resolves when the producer has said that the broker has it. */
export async function publish(address: string, messages: readonly Partial<PubSubGenericMessage>[]): Promise<void> {
  // A connection of its own: one that others had may be of a producer that was killed.
  const client = new Client(address, credentials.createInsecure(), { 'grpc.use_local_subchannel_pool': 1 });
  try {
    await promisify(client.waitForReady.bind(client))(Date.now() + READY_MS);
    const { promise, resolve, reject } = Promise.withResolvers<boolean>();
    const call = client.makeClientStreamRequest(
      path,
      requestSerialize,
      responseDeserialize,
      new Metadata(),
      { deadline: Date.now() + TAKEN_MS },
      (error, response) => (error === null ? resolve(response?.success === true) : reject(error)),
    );
    for (const message of messages) call.write(PubSubGenericMessage.fromPartial(message));
    call.end();
    if (!(await promise)) throw new Error('The producer did not take what was published.');
  } finally {
    client.close();
  }
}
