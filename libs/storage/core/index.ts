export * from './errors.ts';
export * from './rules.ts';
export * from './storage.ts';
