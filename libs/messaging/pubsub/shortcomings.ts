import type { v1 } from '@google-cloud/pubsub';

type Topic = v1.protos.google.pubsub.v1.ITopic;
type Subscription = v1.protos.google.pubsub.v1.ISubscription;
type Duration = v1.protos.google.protobuf.IDuration | null | undefined;

const DAY_S = 24 * 60 * 60;

/** What a topic that somebody else made does otherwise than this hub promises. */
export function topicShortcomings(topic: Topic, retentionDays: number): string[] {
  const days = secondsOf(topic.messageRetentionDuration) / DAY_S;
  return days > retentionDays * 1.01
    ? [`it keeps messages itself for ${days.toFixed(1)} days, also deleted posts`]
    : [];
}

export function subscriptionShortcomings(id: string, found: Subscription, wanted: Subscription): string[] {
  const days = secondsOf(found.messageRetentionDuration) / DAY_S;
  const wantedDays = secondsOf(wanted.messageRetentionDuration) / DAY_S;
  const expiry = secondsOf(found.expirationPolicy?.ttl) / DAY_S;
  const letters = found.deadLetterPolicy?.deadLetterTopic ?? '';
  const isUnordered = wanted.enableMessageOrdering === true && found.enableMessageOrdering !== true;
  const details: [boolean, string][] = [
    [isUnordered, `does not keep the order of a post's events (message ordering): that is set when it is made`],
    [days > wantedDays * 1.01, `keeps what nobody consumed for ${days.toFixed(1)} days, also deleted posts`],
    [found.retainAckedMessages === true, 'keeps consumed messages too (retain acked messages), also deleted posts'],
    [expiry > 0, `is deleted after ${expiry.toFixed(0)} days without a consumer (expiration policy)`],
    [(found.filter ?? '') !== '', 'has a filter: not all messages arrive'],
    [
      letters !== '' && letters !== (wanted.deadLetterPolicy?.deadLetterTopic ?? ''),
      `sends dead letters of the server to ${letters}, where the hub does not look`,
    ],
  ];
  return details.filter(([applies]) => applies).map(([, detail]) => `its subscription ${id} ${detail}`);
}

function secondsOf(duration: Duration): number {
  return Number(duration?.seconds ?? 0) + (duration?.nanos ?? 0) / 1e9;
}
