import type { Config } from '@hub/config';
import type { DynamicModule } from '@nestjs/common';

/** Whether the broker calls the processor over HTTP, instead of being asked. */
export function isPushed({ messaging }: Pick<Config, 'messaging'>): boolean {
  return messaging.type === 'GCP_PUBSUB' && messaging.push !== undefined;
}

/** The endpoint that the broker calls, where it is configured. Only then is its SDK loaded. */
export async function pushModules({ messaging }: Pick<Config, 'messaging'>): Promise<DynamicModule[]> {
  if (messaging.type !== 'GCP_PUBSUB' || messaging.push === undefined) return [];
  const { PubSubPushModule } = await import('../../../messaging/pubsub/index.ts');
  return [PubSubPushModule.forRoot(messaging.push)];
}
