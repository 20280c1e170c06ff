import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { Global, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Transport, type MicroserviceOptions } from '@nestjs/microservices';
import { Client, credentials, Metadata, type ClientWritableStream, type MethodDefinition } from '@grpc/grpc-js';
import {
  encodeEvent,
  GenericPubSubServiceService,
  grpcPackage,
  PublicPost,
  PubSubServiceService,
  type Envelope,
  type PostEvent,
  type PubSubGenericMessage,
  type PubSubPublishResponse,
  type PublishResponse,
} from '@hub/contracts/proto';
import { PUBLISHER, type Publisher } from '@hub/messaging';
import { Registry } from 'prom-client';
import { PUBLISHING_SERVICES, PublishingModule, type PublishingOptions } from '../index.ts';

/** A broker whose acknowledgements the test gives by hand, so that what happens before them can be seen. */
export class HandPublisher implements Publisher {
  readonly stored: Envelope[] = [];
  calls = 0;
  /** Called at each publish; its promise is the acknowledgement. */
  onPublish: (batch: readonly Envelope[]) => Promise<void> = () => Promise.resolve();

  async publish(batch: readonly Envelope[]): Promise<void> {
    this.calls += 1;
    await this.onPublish(batch);
    this.stored.push(...batch);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

export interface OpenStream<M, R> {
  stream: ClientWritableStream<M>;
  answer: Promise<R>;
}

export interface Producer {
  publisher: HandPublisher;
  publish(options?: { deadline?: number }): OpenStream<PubSubGenericMessage, PubSubPublishResponse>;
  publishPosts(posts: readonly PublicPost[]): Promise<PublishResponse>;
  metric(name: string): Promise<readonly { labels: object; value: number }[]>;
  /** As SIGTERM does it. */
  stop(): Promise<void>;
}

/** A producer on a loopback port, with a client beside it. */
export async function startProducer(options: Partial<PublishingOptions> = {}): Promise<Producer> {
  const publisher = new HandPublisher();
  const registry = new Registry();
  const url = `127.0.0.1:${await freePort()}`;
  const module = {
    module: Root,
    imports: [surroundings(publisher, registry), PublishingModule.forRoot({ consent: 'default', ...options })],
  };
  const grpc = {
    url,
    package: 'hubapiv1',
    packageDefinition: grpcPackage(...PUBLISHING_SERVICES),
    gracefulShutdown: true,
  };
  const app = await NestFactory.create(module, { logger: false });
  app.connectMicroservice<MicroserviceOptions>({ transport: Transport.GRPC, options: grpc });
  await app.startAllMicroservices();
  const client = new Client(url, credentials.createInsecure());
  return {
    publisher,
    publish: (callOptions) => open(client, GenericPubSubServiceService.publish, callOptions),
    publishPosts: (posts) => {
      const { stream, answer } = open(client, PubSubServiceService.publishPost);
      for (const post of posts) stream.write(post);
      stream.end();
      return answer;
    },
    metric: async (name) => (await registry.getSingleMetric(name)?.get())?.values ?? [],
    stop: async () => {
      await app.close();
      client.close();
    },
  };
}

@Module({})
class Root {}

@Global()
@Module({})
class Surroundings {}

function surroundings(publisher: Publisher, registry: Registry) {
  const providers = [
    { provide: PUBLISHER, useValue: publisher },
    { provide: Registry, useValue: registry },
  ];
  return { module: Surroundings, providers, exports: providers };
}

type Method<M, R> = Pick<MethodDefinition<M, R>, 'path' | 'requestSerialize' | 'responseDeserialize'>;

function open<M, R>(client: Client, method: Method<M, R>, options: { deadline?: number } = {}): OpenStream<M, R> {
  const { promise, resolve, reject } = Promise.withResolvers<R>();
  const { path, requestSerialize, responseDeserialize } = method;
  const stream = client.makeClientStreamRequest(
    path,
    requestSerialize,
    responseDeserialize,
    new Metadata(),
    options,
    (error, value) => (value === undefined ? reject(error) : resolve(value)),
  );
  return { stream, answer: promise };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

export function post(id: string, fields: Partial<PublicPost> = {}): PublicPost {
  return PublicPost.create({ id, uri: `https://a.example/posts/${id}`, visibility: 'public', content: id, ...fields });
}

export function created(id: string, fields: Partial<PublicPost> = {}): PostEvent {
  return {
    source: 'a.example',
    localId: id,
    observedAt: new Date(1_700_000_000_000),
    ingestSequence: 7,
    stream: 'public',
    event: { $case: 'created', value: { post: post(id, fields) } },
  };
}

export function message(event: PostEvent): PubSubGenericMessage {
  const { key, value, headers } = encodeEvent(event);
  return { key: Buffer.from(key), value, attributes: headers };
}

/** Waits for what no event tells, at most two seconds. */
export async function until(holds: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 2000; !(await holds()); await new Promise((resolve) => setTimeout(resolve, 5))) {
    if (Date.now() > end) throw new Error('It did not come to hold within two seconds.');
  }
}
