export * from './dead-letter.ts';
export * from './errors.ts';
export * from './events.ts';
export * from './limits.ts';
export * from './messaging.ts';
export * from './retry.ts';
export * from './settle.ts';
export * from './subscription-options.ts';
