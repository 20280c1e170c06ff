import { promisify } from 'node:util';
import { Client, credentials, Metadata } from '@grpc/grpc-js';
import { GenericPubSubServiceService } from '@hub/contracts/proto';

/** Publishes what nobody can read: it must end as a dead letter, and hold nothing up. */
export async function publishPoison(producerAddress: string): Promise<void> {
  const { path, requestSerialize, responseDeserialize } = GenericPubSubServiceService.publish;
  const client = new Client(producerAddress, credentials.createInsecure());
  await promisify(client.waitForReady.bind(client))(Date.now() + 10_000);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const call = client.makeClientStreamRequest(
    path,
    requestSerialize,
    responseDeserialize,
    new Metadata(),
    {},
    (error) => (error === null ? resolve() : reject(error)),
  );
  call.end({ key: Buffer.from('poison.example/1'), value: Buffer.from('not protobuf'), attributes: {} });
  await promise;
  client.close();
}
