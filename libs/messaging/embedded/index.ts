export {
  openEmbeddedBroker,
  type EmbeddedBroker,
  type EmbeddedBrokerOptions,
  type EmbeddedSubscriptionOptions,
} from './broker.ts';
