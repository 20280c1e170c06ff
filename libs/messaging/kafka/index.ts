export { openKafkaBroker, type KafkaBroker } from './broker.ts';
export type { KafkaBrokerOptions, KafkaSasl, KafkaSubscriptionOptions, TopicSettings } from './options.ts';
