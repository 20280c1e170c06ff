import kafkajs, { type Admin } from 'kafkajs';
import { isDeadLetterTopic, type Observe } from '@hub/messaging';
import { typeOf } from './errors.ts';
import type { TopicSettings } from './options.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const MINUTE_MS = 60_000;

/** What Kafka takes where nobody says otherwise. */
const DEFAULT_MAX_BATCH_BYTES = 1_048_588;
/** A dead letter has more headers than the message it was. */
const DEAD_LETTER_EXTRA_BYTES = 64 * 1024;

export interface TopicFacts {
  partitions: number;
  /** The largest record batch, compressed as it is: max.message.bytes. */
  maxBatchBytes: number;
}

/** Makes the topic if it is missing; tells of one that is set up with less than is configured, and uses it. */
export async function ensureTopic(
  admin: Admin,
  topic: string,
  settings: TopicSettings,
  observe: Observe,
): Promise<TopicFacts> {
  const wanted = isDeadLetterTopic(topic) ? { ...settings, partitions: 1 } : settings;
  if ((await partitionsOf(admin, topic)) === undefined) await create(admin, topic, wanted);
  const partitions = (await partitionsOf(admin, topic)) ?? wanted.partitions;
  const config = await configOf(admin, topic);
  for (const detail of shortcomings(partitions, config, wanted)) observe({ kind: 'topic_differs', topic, detail });
  return { partitions, maxBatchBytes: Number(config.get('max.message.bytes') ?? DEFAULT_MAX_BATCH_BYTES) };
}

/** Nothing if there is no such topic. */
export async function partitionsOf(admin: Admin, topic: string): Promise<number | undefined> {
  try {
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    return topics[0]?.partitions.length;
  } catch (error) {
    if (typeOf(error) === 'UNKNOWN_TOPIC_OR_PARTITION') return undefined;
    throw error;
  }
}

async function create(admin: Admin, topic: string, settings: TopicSettings): Promise<void> {
  const { partitions, replicationFactor } = settings;
  const configEntries = Object.entries(topicConfig(topic, settings)).map(([name, value]) => ({ name, value }));
  const request = { topic, numPartitions: partitions, configEntries };
  // Resolves with false if another service was faster.
  await admin.createTopics({
    topics: [replicationFactor === undefined ? request : { ...request, replicationFactor }],
    waitForLeaders: true,
    timeout: 10_000,
  });
}

function topicConfig(topic: string, { retentionDays }: TopicSettings): Record<string, string> {
  const retentionMs = Math.round(retentionDays * DAY_MS);
  return {
    'cleanup.policy': 'delete',
    'retention.ms': String(retentionMs),
    // What is too old goes with the segment it is in, and only when that one is no longer written to.
    'segment.ms': String(Math.round(Math.max(MINUTE_MS, Math.min(DAY_MS, retentionMs / 10)))),
    // Age counts from arrival, whatever clock the publisher has.
    'message.timestamp.type': 'LogAppendTime',
    // Whatever others publish with, we can read it.
    'compression.type': 'gzip',
    ...(isDeadLetterTopic(topic) && { 'max.message.bytes': String(DEFAULT_MAX_BATCH_BYTES + DEAD_LETTER_EXTRA_BYTES) }),
  };
}

/** Nothing is known of it if this user may not ask. */
async function configOf(admin: Admin, topic: string): Promise<ReadonlyMap<string, string>> {
  const names = ['max.message.bytes', 'retention.ms', 'compression.type'];
  const resources = [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: topic, configNames: names }];
  try {
    const described = await admin.describeConfigs({ resources, includeSynonyms: false });
    const entries = described.resources.flatMap(({ configEntries }) => configEntries);
    return new Map(entries.map(({ configName, configValue }) => [configName, configValue]));
  } catch (error) {
    if (typeOf(error)?.endsWith('_AUTHORIZATION_FAILED') === true) return new Map();
    throw error;
  }
}

function shortcomings(partitions: number, config: ReadonlyMap<string, string>, wanted: TopicSettings): string[] {
  const retentionDays = Number(config.get('retention.ms') ?? 0) / DAY_MS;
  const compression = config.get('compression.type') ?? 'gzip';
  return [
    ...(partitions < wanted.partitions
      ? [`it has ${partitions} partitions, not ${wanted.partitions}: no more processors than that can share the work`]
      : []),
    ...(retentionDays < 0 || retentionDays > wanted.retentionDays * 1.01
      ? [`it keeps messages for ${retentionDays < 0 ? 'ever' : `${retentionDays.toFixed(1)} days`}, also deleted posts`]
      : []),
    ...(['snappy', 'lz4'].includes(compression)
      ? [`its compression.type is ${compression}, which cannot be read here: set it to gzip`]
      : []),
  ];
}
