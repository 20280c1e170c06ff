export * from './a-change.ts';
export * from './a-post.ts';
export { RETENTION_DAYS, type Capability, type StoreFactory, type StoreSite } from './context.ts';
export { describeStorageContract } from './contract.ts';
