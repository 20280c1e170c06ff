export * from './policy.ts';
export { Blocklist, parseEntry, type BlockEntry, type Authored } from './blocklist.ts';
