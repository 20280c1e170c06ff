import { IngestClock, type PostEvent } from '@hub/contracts/proto';
import { Registry } from 'prom-client';
import { IngestMetrics } from '../metrics.ts';
import { EventSender } from '../sending/event-sender.ts';
import { EventMapper } from '../source/event-mapper.ts';
import { Lane } from '../source/lane.ts';
import { ServerApi } from '../source/server-api.ts';
import { MastodonServer } from './mastodon-server.ts';
import { TestProducer } from './producer.ts';

export interface Rig extends AsyncDisposable {
  server: MastodonServer;
  api: ServerApi;
  lane: Lane;
  /** What the producer has acknowledged. */
  events: PostEvent[];
  /** Resolves when all is sent. */
  sent(): Promise<unknown>;
}

/** The way from a server to a producer, both on loopback, without a stream. */
export async function startRig(): Promise<Rig> {
  const server = new MastodonServer();
  const metrics = new IngestMetrics(new Registry());
  const api = new ServerApi(await server.start(), {}, metrics);
  const producer = await new TestProducer().start();
  const sender = new EventSender(producer.address, 1_000_000, metrics);
  const stop = new AbortController();
  const running = sender.run(stop.signal);
  const policy = { consent: 'default' as const, excluded: undefined };
  const lane = new Lane(new EventMapper('a.example', 'public', new IngestClock(), policy, metrics), sender);
  return {
    server,
    api,
    lane,
    events: producer.acknowledged,
    sent: () => sender.drain(5000),
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await running;
      sender.close();
      producer.kill();
      server.stop();
    },
  };
}
