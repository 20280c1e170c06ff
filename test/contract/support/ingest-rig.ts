import { setTimeout as sleep } from 'node:timers/promises';
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
  type SimulatorStats,
} from '@hub/simulator';
import { STORE, type Store } from '@hub/storage';
import { Registry } from 'prom-client';
import { TestProducer } from '../../../libs/ingest/src/testkit/producer.ts';
import { getJson, send } from '../../e2e/support/apps.ts';
import type { HandClock } from './hand-clock.ts';
import { HeldPosts } from './held-posts.ts';

/** In which nothing came any more, by the machine's clock. */
const REST_MS = 3;
/** What takes longer is not waited for. */
const RESTLESS_MS = 300;

type RigOptions = Partial<Omit<SimulatorOptions, 'clock'>> & { clock?: HandClock };
type FaultLimits = { count?: number; probability?: number; on?: boolean; durationMs?: number };

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
  /** In which reader and simulator live, if it is not the machine's. */
  readonly clock: HandClock | undefined;
  /** All that the reader logged. */
  readonly log: string[] = [];
  registry = new Registry();
  readonly #held = new HeldPosts();
  #app: INestApplicationContext | undefined;

  private constructor(simulator: RunningSimulator, producer: TestProducer, clock: HandClock | undefined) {
    this.clock = clock;
    this.simulator = simulator;
    this.producer = producer;
  }

  static async start({ clock, ...options }: RigOptions = {}): Promise<IngestRig> {
    const simulator = await startSimulator({
      host: '127.0.0.1',
      port: 0,
      rate: 0,
      seed: 7,
      ...(clock && { clock }),
      ...options,
    });
    return new IngestRig(simulator, await new TestProducer().start(), clock);
  }

  startReader(source: { accessToken?: string; stream?: StreamName } = {}): Promise<void> {
    return this.readSources([{ server: this.simulator.url, stream: 'public' as const, ...source }]);
  }

  async readSources(sources: readonly SourceOptions[]): Promise<void> {
    this.registry = new Registry();
    const time = this.clock === undefined ? {} : { clock: this.clock };
    const about = { sources, producerAddress: this.producer.address, consent: 'default' as const };
    const ingest = IngestModule.forRoot({ ...about, ...time });
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

  fault(name: FaultName, limits: FaultLimits = {}): Promise<void> {
    return this.admin('faults', 'POST', { name, ...limits });
  }

  /** Lets time pass, a step at a time; what a step brings has come to rest before the next. Milliseconds. */
  async pass(ms: number, step = 1000): Promise<void> {
    for (let left = ms; left > 0; left -= step) {
      this.clock?.advance(Math.min(left, step));
      await this.#rest();
    }
  }

  /** Lets time pass until so many sources are live; what happens from then on is not to be lost. */
  async passUntilLive(sources = 1): Promise<void> {
    for (let i = 0; i < 30 && (await this.metric('source_state', { state: 'live' })) < sources; i += 1)
      await this.pass(2000);
  }

  stats(): Promise<SimulatorStats> {
    return getJson(`${this.simulator.url}/simulator/stats`);
  }

  truth(): Promise<GroundTruth> {
    return getJson(`${this.simulator.url}/simulator/truth`);
  }

  /** What a store would hold of the events that the producer acknowledged. */
  held(): HeldPosts {
    this.#held.take(this.producer.acknowledged.slice(this.#held.taken));
    return this.#held;
  }

  /** Lets go of events, and of all but the newest posts. */
  retain(posts: number): void {
    this.held().keep(posts);
    this.producer.acknowledged.length = 0;
    this.#held.taken = 0;
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

  /** Until nothing is read, sent or asked any more. */
  async #rest(): Promise<void> {
    const deadline = Date.now() + RESTLESS_MS;
    let before: number;
    let read = -1;
    do {
      before = read;
      await sleep(REST_MS);
      read = await this.metric('events_total');
    } while ((read !== before || (await this.#isBusy())) && Date.now() < deadline);
  }

  async #isBusy(): Promise<boolean> {
    return this.simulator.unanswered() > 0 || (await this.metric('unacknowledged')) > 0;
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
