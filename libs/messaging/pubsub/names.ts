/** The group that dead letters are kept for. */
export const INSPECTION = 'inspect';

/** Of a subscription, without the project: a group's subscriptions begin with the name of their topic. */
export function subscriptionId(topic: string, group: string): string {
  return `${topic}.${group}`;
}

export function topicPath(projectId: string, topic: string): string {
  return `projects/${projectId}/topics/${topic}`;
}

export function subscriptionPath(projectId: string, topic: string, group: string): string {
  return `projects/${projectId}/subscriptions/${subscriptionId(topic, group)}`;
}
