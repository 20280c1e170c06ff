export { consuming, keys, type Consuming } from './consuming.ts';
export type { Capability, MessagingClient, MessagingDriver, MessagingTestBed, ProcessRole } from './driver.ts';
export { message, messages } from './messages.ts';
export { describeMessagingContract } from './messaging-contract.ts';
