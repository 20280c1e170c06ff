import type { Admin } from 'kafkajs';

/** Of a group, in one partition. */
export interface Position {
  partition: number;
  /** Oldest message that the broker has. */
  low: number;
  /** Where the next message will be. */
  high: number;
  /** First message that the group has not consumed; nothing if it has never committed. */
  committed: number | undefined;
}

export async function positionsOf(admin: Admin, topic: string, group: string): Promise<Position[]> {
  const bounds = await admin.fetchTopicOffsets(topic);
  const [ofTopic] = await admin.fetchOffsets({ groupId: group, topics: [topic] });
  const committed = new Map(ofTopic?.partitions.map(({ partition, offset }) => [partition, Number(offset)]));
  return bounds.map(({ partition, low, high }) => {
    const offset = committed.get(partition) ?? -1;
    return { partition, low: Number(low), high: Number(high), committed: offset < 0 ? undefined : offset };
  });
}

/** Messages that the group has not consumed and can still get. */
export function lagOf(positions: readonly Position[]): number {
  return positions.reduce((sum, { low, high, committed = low }) => sum + high - Math.max(low, committed), 0);
}

/** Messages that were removed before the group consumed them. */
export function expiredOf(positions: readonly Position[]): number {
  return positions.reduce((sum, { low, committed = low }) => sum + Math.max(0, low - committed), 0);
}
