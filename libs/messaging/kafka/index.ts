export { openKafkaBroker, type KafkaBroker } from './broker.ts';
export type { KafkaBrokerOptions, KafkaSasl, TopicSettings } from './options.ts';
