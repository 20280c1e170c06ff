import { Faults, type Fault } from './faults.ts';
import { SYSTEM_CLOCK, type SimulatorClock } from './clock.ts';
import { Snowflakes } from './ids.ts';
import type { SimulatorOptions } from './options.ts';
import { PostStore } from './posts/post-store.ts';
import { RecentPosts } from './posts/recent-posts.ts';
import { Random } from './random.ts';
import { RateLimiter } from './rest/rate-limiter.ts';
import { Delivery } from './stream/delivery.ts';
import { Streams } from './stream/streams.ts';
import { Composer } from './traffic/composer.ts';
import { Corpus, readCorpus } from './traffic/corpus.ts';
import { Pacer } from './traffic/pacer.ts';
import { Traffic } from './traffic/traffic.ts';
import { TruthLog } from './truth/truth-log.ts';

const MAX_POSTS = 100_000;
const RECENT_POSTS = 2_000;
/** As Mastodon: 300 requests in five minutes. */
const REQUESTS = 300;
/** Beats of the heartbeat: Mastodon's `:thump`. */
const HEARTBEAT_MS = 15_000;
const FLUSH_MS = 1_000;

/** The simulated server: its posts, its listeners, what happens and what goes wrong. */
export class Simulation {
  readonly store: PostStore;
  readonly streams = new Streams();
  readonly log: TruthLog;
  readonly faults: Faults;
  readonly limiter: RateLimiter;
  readonly traffic: Traffic;
  readonly pacer: Pacer;
  readonly composer: Composer;
  readonly origin: string;
  readonly accessToken: string | undefined;
  private readonly delivery: Delivery;
  private readonly clock: SimulatorClock;
  private timers: (() => void)[] = [];

  /**
   * @param origin under which clients reach the server
   * @throws HubError invalid_config for a corpus that cannot be used
   */
  constructor(options: SimulatorOptions, origin: string) {
    this.clock = options.clock ?? SYSTEM_CLOCK;
    const clock = this.clock.now;
    this.store = new PostStore(options.keep ?? MAX_POSTS);
    this.log = new TruthLog(this.store, (options.keep ?? MAX_POSTS) * 2);
    const random = new Random(options.seed);
    const dice = new Random(options.seed ^ 0x5f3759df);
    const ids = new Snowflakes(clock);
    const recent = new RecentPosts(RECENT_POSTS);
    const { store, log } = this;
    this.origin = origin;
    this.accessToken = options.accessToken;
    this.faults = new Faults(dice, clock);
    this.limiter = new RateLimiter(REQUESTS, clock);
    this.delivery = new Delivery(this.streams, this.faults);
    this.composer = new Composer({ random, ids, clock, origin, recent });
    const corpus = options.corpus === undefined ? undefined : new Corpus(readCorpus(options.corpus), ids);
    const { composer, delivery, faults } = this;
    this.traffic = new Traffic({ random, dice, clock, composer, corpus, store, recent, delivery, log, faults });
    this.pacer = new Pacer(options.rate, () => this.traffic.step(), this.clock);
  }

  start(): void {
    this.pacer.start();
    const heartbeat = this.clock.every(HEARTBEAT_MS, () => {
      if (!this.faults.isSet('go_silent')) this.streams.heartbeat();
    });
    this.timers = [heartbeat, this.clock.every(FLUSH_MS, () => this.delivery.flush())];
  }

  stop(): void {
    this.pacer.stop();
    for (const end of this.timers) end();
    this.streams.cutAll();
  }

  /** Cut connections are cut at once; with nothing that limits the fault, once. */
  setFault(fault: Fault): void {
    if (fault.name === 'unreachable' || fault.name === 'no_answer') this.streams.cutAll();
    if (fault.name !== 'drop_connections') return this.faults.set(fault);
    const limited = fault.count !== undefined || fault.probability !== undefined || fault.durationMs !== undefined;
    this.faults.set(limited ? fault : { ...fault, count: 1 });
    if (this.faults.strikes('drop_connections')) this.streams.cutAll();
  }
}
