import { Global, Logger, Module, type INestApplicationContext, type LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { PostEvent } from '@hub/contracts/proto';
import { IngestModule, IngestService, type SourceOptions, type StreamName } from '@hub/ingest';
import {
  startSimulator,
  type FaultName,
  type GroundTruth,
  type RunningSimulator,
  type SimulatorOptions,
} from '@hub/simulator';
import { STORE, type ObservedPost, type Store } from '@hub/storage';
import { Registry } from 'prom-client';
import { TestProducer } from '../../../libs/ingest/src/testkit/producer.ts';
import { getJson, send } from '../../e2e/support/apps.ts';

@Module({})
class Root {}

@Global()
@Module({})
class Surroundings {}

/** What a store would hold of the events that the producer acknowledged, by local id. */
export interface Held {
  uri: string;
  version: Date;
  reblog: string | undefined;
}

/** A reader between a simulator and a producer, each of which can be stopped and started; the store is in memory. */
export class IngestRig implements AsyncDisposable {
  readonly checkpoints = new Map<string, string>();
  readonly producer: TestProducer;
  readonly simulator: RunningSimulator;
  /** All that the reader logged. */
  readonly log: string[] = [];
  registry = new Registry();
  #app: INestApplicationContext | undefined;

  private constructor(simulator: RunningSimulator, producer: TestProducer) {
    this.simulator = simulator;
    this.producer = producer;
  }

  static async start(options: Partial<SimulatorOptions> = {}): Promise<IngestRig> {
    const simulator = await startSimulator({ host: '127.0.0.1', port: 0, rate: 0, seed: 7, ...options });
    return new IngestRig(simulator, await new TestProducer().start());
  }

  startReader(source: { accessToken?: string; stream?: StreamName } = {}): Promise<void> {
    return this.readSources([{ server: this.simulator.url, stream: 'public' as const, ...source }]);
  }

  async readSources(sources: readonly SourceOptions[]): Promise<void> {
    this.registry = new Registry();
    const ingest = IngestModule.forRoot({ sources, producerAddress: this.producer.address, consent: 'default' });
    const module = { module: Root, imports: [this.#surroundings(), ingest] };
    this.#app = await NestFactory.createApplicationContext(module, { logger: this.#logger(), abortOnError: false });
  }

  /** Of the running reader. */
  get ingest(): IngestService {
    if (this.#app === undefined) throw new Error('No reader is running.');
    return this.#app.get(IngestService);
  }

  async stopReader(): Promise<void> {
    await this.#app?.close();
    this.#app = undefined;
  }

  /** Steers the simulator by its admin API. */
  async admin(path: string, method: 'POST' | 'PUT' | 'DELETE', body: unknown = {}): Promise<void> {
    await send(`${this.simulator.url}/simulator/${path}`, method, body);
  }

  fault(name: FaultName, limits: { count?: number; probability?: number; on?: boolean } = {}): Promise<void> {
    return this.admin('faults', 'POST', { name, ...limits });
  }

  truth(): Promise<GroundTruth> {
    return getJson(`${this.simulator.url}/simulator/truth`);
  }

  /** Idempotent by id and version, as the store is; a deletion is for ever and takes boosts along. */
  held(): Map<string, Held> {
    const held = new Map<string, Held>();
    const gone = new Set<string>();
    for (const event of this.producer.acknowledged) this.#apply(event, held, gone);
    for (const [id, { reblog }] of held)
      if (gone.has(id) || (reblog !== undefined && gone.has(reblog))) held.delete(id);
    return held;
  }

  /** uri → version, as the oracle compares it. */
  versions(): Map<string, string> {
    return new Map([...this.held().values()].map(({ uri, version }) => [uri, version.toISOString()]));
  }

  gaps(): PostEvent[] {
    return this.producer.acknowledged.filter(({ event }) => event?.$case === 'gap');
  }

  async metric(name: string, labels: Record<string, string> = {}): Promise<number> {
    const values = (await this.registry.getSingleMetric(`hub_ingest_${name}`)?.get())?.values ?? [];
    const wanted = values.filter((value) => Object.entries(labels).every(([key, text]) => value.labels[key] === text));
    return wanted.reduce((sum, { value }) => sum + value, 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stopReader();
    this.producer.kill();
    await this.simulator.close();
    Logger.overrideLogger(false);
  }

  #apply({ localId, event }: PostEvent, held: Map<string, Held>, gone: Set<string>): void {
    if (event?.$case === 'deleted') gone.add(localId);
    if (event?.$case !== 'created' && event?.$case !== 'edited') return;
    const { post } = event.value;
    const version = post?.editedAt ?? post?.createdAt;
    if (post === undefined || version === undefined) throw new Error(`${localId} has no version`);
    const before = held.get(localId);
    if (before === undefined || before.version <= version)
      held.set(localId, { uri: post.uri, version, reblog: post.reblog?.id });
  }

  #surroundings() {
    const { checkpoints } = this;
    const observed = (_: string, limit: number): Promise<readonly ObservedPost[]> => {
      const posts = [...this.held()].map(([localId, { uri, version }]) => ({ localId, uri, at: version.getTime() }));
      return Promise.resolve(posts.toReversed().slice(0, limit));
    };
    const store: Pick<Store, 'checkpoints' | 'observed'> = {
      observed,
      checkpoints: {
        get: (name) => Promise.resolve(checkpoints.get(name)),
        set: (name, value) => Promise.resolve(void checkpoints.set(name, value)),
      },
    };
    const providers = [
      { provide: STORE, useValue: store },
      { provide: Registry, useValue: this.registry },
    ];
    return { module: Surroundings, providers, exports: providers };
  }

  #logger(): LoggerService {
    const keep = (...words: unknown[]) => void this.log.push(words.map(String).join(' '));
    return { log: keep, warn: keep, error: keep, debug: keep };
  }
}
