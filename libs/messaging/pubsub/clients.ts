import { PubSub, v1 } from '@google-cloud/pubsub';
import { PassThroughClient } from 'google-auth-library';
import { withoutStatus } from './errors.ts';

/** The service's interface as it is: the SDK's own queues, retries and leases on top would hide what failed. */
export interface Clients {
  publisher: v1.PublisherClient;
  subscriber: v1.SubscriberClient;
}

/** Of every call. The SDK would retry for up to 10 minutes; whoever calls decides about that. */
export const CALL = { timeout: 20_000, retry: null };

type Settings = NonNullable<ConstructorParameters<typeof v1.PublisherClient>[0]>;

/**
 * Where the SDK finds the service: PUBSUB_EMULATOR_HOST, else Google with the application's default credentials.
 * Rejects with a HubError if there are none; the service itself is not asked.
 */
export async function connectClients(projectId: string): Promise<Clients> {
  const { options, isEmulator } = new PubSub({ projectId });
  const settings = {
    ...options,
    // A service that was away for long is tried every few seconds, not every two minutes.
    'grpc.max_reconnect_backoff_ms': 3_000,
    // Else credentials are looked for that nobody asks for.
    ...(isEmulator && { authClient: new PassThroughClient() }),
  } as Settings;
  const clients = { publisher: new v1.PublisherClient(settings), subscriber: new v1.SubscriberClient(settings) };
  try {
    // Left to its first call, a client that finds none rejects where nobody can see it, and the process ends by that.
    await Promise.all([clients.publisher.initialize(), clients.subscriber.initialize()]);
  } catch (error) {
    await closeClients(clients);
    throw withoutStatus(error);
  }
  return clients;
}

export async function closeClients({ publisher, subscriber }: Clients): Promise<void> {
  // Of clients that never got credentials there is nothing to close, and they say so by rejecting.
  await Promise.allSettled([publisher.close(), subscriber.close()]);
}
