import type { v1 } from '@google-cloud/pubsub';
import { HubError } from '@hub/contracts';
import { deadLetterTopic, isDeadLetterTopic, type Observe } from '@hub/messaging';
import { CALL, type Clients } from './clients.ts';
import { calling, isDenied, isThereAlready, MissingError } from './errors.ts';
import { INSPECTION, subscriptionId, subscriptionPath, topicPath } from './names.ts';
import { subscriptionShortcomings, topicShortcomings } from './shortcomings.ts';

export type SubscriptionSettings = v1.protos.google.pubsub.v1.ISubscription;

/** A killed consumer's messages come again after this. Pub/Sub's least is 10 s. */
export const LEASE_SECONDS = 15;
/** How long dead letters stay with somebody who looks at them, if he is killed. */
const INSPECTION_LEASE_SECONDS = 60;

/**
 * A message that was delivered so often and never acknowledged is a dead letter by the server's own decision: it must
 * have killed each process that got it. Pub/Sub's most, so that restarts and lost leases do not add up to it.
 */
const MAX_DELIVERIES = 100;

const MINUTE_S = 60;
const DAY_S = 24 * 60 * MINUTE_S;

/** Pub/Sub's bounds for how long a subscription keeps messages. */
const RETENTION = { leastSeconds: 10 * MINUTE_S, mostSeconds: 31 * DAY_S };

export interface ResourcesOptions {
  clients: Clients;
  projectId: string;
  retentionDays: number;
  observe: Observe;
}

/** Topics and subscriptions: made where they are missing, and where they are not, looked at, as far as IAM allows. */
export class Resources {
  private readonly ready = new Map<string, Promise<void>>();
  private readonly told = new Set<string>();

  constructor(private readonly options: ResourcesOptions) {}

  /** The topic, and what its groups need to lose nothing that is published from then on. */
  async forPublishing(topic: string, groups: readonly string[]): Promise<void> {
    await this.topic(topic);
    for (const group of isDeadLetterTopic(topic) ? [INSPECTION] : groups) await this.subscription(topic, group);
  }

  async forConsuming(topic: string, group: string): Promise<void> {
    await this.forDeadLetters(topic);
    await this.topic(topic);
    await this.subscription(topic, group);
  }

  /** Where dead letters go, and are kept. */
  async forDeadLetters(topic: string): Promise<void> {
    await this.forPublishing(deadLetterTopic(topic), []);
  }

  /** Resolves when Pub/Sub has answered, and the subscription is there. */
  async reach(topic: string, group: string): Promise<void> {
    this.ready.delete(subscriptionPath(this.options.projectId, topic, group));
    await this.forConsuming(topic, group);
  }

  /** Something is missing that was there: looks at everything again. */
  forget(): void {
    this.ready.clear();
  }

  private topic(topic: string): Promise<void> {
    return this.once(topicPath(this.options.projectId, topic), (name) => this.ensureTopic(name, topic));
  }

  private subscription(topic: string, group: string): Promise<void> {
    const name = subscriptionPath(this.options.projectId, topic, group);
    return this.once(name, () => this.ensureSubscription(name, topic, group));
  }

  private once(name: string, ensure: (name: string) => Promise<void>): Promise<void> {
    const known = this.ready.get(name);
    if (known !== undefined) return known;
    const ensured = ensure(name);
    this.ready.set(name, ensured);
    ensured.catch(() => this.ready.delete(name));
    return ensured;
  }

  private async ensureTopic(name: string, topic: string): Promise<void> {
    const { clients, retentionDays } = this.options;
    const request = { does: `look at the topic ${topic}`, needs: 'pubsub.topics.get (roles/pubsub.viewer)' };
    const found = await lookedUp(() => calling(request, () => clients.publisher.getTopic({ topic: name }, CALL)));
    if (found === 'hidden') return;
    if (found !== 'missing') return this.tell(topic, topicShortcomings(found[0], retentionDays));
    try {
      await made(`topic ${topic}`, 'pubsub.topics.create', () => clients.publisher.createTopic({ name }, CALL));
    } catch (error) {
      if (!(error instanceof MissingError)) throw error;
      throw new HubError('invalid_config', 'There is no such Google Cloud project: see GCP_PROJECT_ID.', {
        cause: error,
      });
    }
  }

  private async ensureSubscription(name: string, topic: string, group: string): Promise<void> {
    const { subscriber } = this.options.clients;
    const id = subscriptionId(topic, group);
    const request = {
      does: `look at the subscription ${id}`,
      needs: 'pubsub.subscriptions.get (roles/pubsub.viewer)',
    };
    const look = () => calling(request, () => subscriber.getSubscription({ subscription: name }, CALL));
    const found = await lookedUp(look);
    if (found === 'hidden') {
      return this.tell(topic, [
        `whether its subscription ${id} exists cannot be seen (${request.needs}): what is published before it does is lost`,
      ]);
    }
    const wanted = this.settings(name, topic);
    if (found !== 'missing') {
      const [subscription] = found;
      if (subscription.topic !== wanted.topic) throw strayed(id, subscription.topic === '_deleted-topic_');
      return this.tell(topic, subscriptionShortcomings(id, subscription, wanted));
    }
    if (wanted.deadLetterPolicy) await this.forDeadLetters(topic);
    await made(`subscription ${id}`, 'pubsub.subscriptions.create and pubsub.topics.attachSubscription', () =>
      subscriber.createSubscription(wanted, CALL),
    );
  }

  private settings(name: string, topic: string): SubscriptionSettings & { topic: string } {
    const { projectId, retentionDays } = this.options;
    const { leastSeconds, mostSeconds } = RETENTION;
    const isInspection = isDeadLetterTopic(topic);
    return {
      name,
      topic: topicPath(projectId, topic),
      enableMessageOrdering: !isInspection,
      ackDeadlineSeconds: isInspection ? INSPECTION_LEASE_SECONDS : LEASE_SECONDS,
      messageRetentionDuration: {
        seconds: Math.round(Math.min(mostSeconds, Math.max(leastSeconds, retentionDays * DAY_S))),
      },
      // Never, however long nobody consumes.
      expirationPolicy: {},
      ...(!isInspection && {
        deadLetterPolicy: {
          deadLetterTopic: topicPath(projectId, deadLetterTopic(topic)),
          maxDeliveryAttempts: MAX_DELIVERIES,
        },
      }),
    };
  }

  private tell(topic: string, details: readonly string[]): void {
    for (const detail of details.filter((one) => !this.told.has(one))) {
      this.told.add(detail);
      this.options.observe({ kind: 'topic_differs', topic, detail });
    }
  }
}

async function lookedUp<T>(look: () => Promise<T>): Promise<T | 'missing' | 'hidden'> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof MissingError) return 'missing';
    if (isDenied(error)) return 'hidden';
    throw error;
  }
}

/** Somebody else may have been faster. */
async function made(what: string, permission: string, make: () => Promise<unknown>): Promise<void> {
  const request = {
    does: `make the ${what}, which is missing`,
    needs: `${permission} (roles/pubsub.editor), or make it`,
  };
  try {
    await calling(request, make);
  } catch (error) {
    if (!isThereAlready(error)) throw error;
  }
}

function strayed(id: string, isOrphan: boolean): HubError {
  const why = isOrphan ? 'had a topic that was deleted' : 'belongs to another topic';
  return new HubError('invalid_config', `The subscription ${id} ${why}, and gets nothing: delete it, or rename it.`);
}
