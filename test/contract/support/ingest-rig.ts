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
import { STORE, type Store } from '@hub/storage';
import { Registry } from 'prom-client';
import { TestProducer } from '../../../libs/ingest/src/testkit/producer.ts';
import { getJson, send } from '../../e2e/support/apps.ts';
import { HeldPosts } from './held-posts.ts';

@Module({})
class Root {}

@Global()
@Module({})
class Surroundings {}

/** A reader between a simulator and a producer, each of which can be stopped and started; the store is in memory. */
export class IngestRig implements AsyncDisposable {
  readonly checkpoints = new Map<string, string>();
  readonly producer: TestProducer;
  readonly simulator: RunningSimulator;
  /** All that the reader logged. */
  readonly log: string[] = [];
  registry = new Registry();
  readonly #held = new HeldPosts();
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

  /** What a store would hold of the events that the producer acknowledged. */
  held(): HeldPosts {
    this.#held.take(this.producer.acknowledged.slice(this.#held.taken));
    return this.#held;
  }

  /** uri → version, as the oracle compares it. */
  versions(): Map<string, string> {
    return this.held().versions();
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

  #surroundings() {
    const { checkpoints } = this;
    const store: Pick<Store, 'checkpoints' | 'observed' | 'named'> = {
      observed: (source, limit) => Promise.resolve(this.held().observed(source, limit)),
      named: (source, localId) => Promise.resolve(this.held().named(source, localId)),
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
