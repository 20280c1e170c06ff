export * from './config.ts';
export { ConfigError } from './config-error.ts';
export type { SourceConfig } from './sources.ts';
export { readEnv } from './read-env.ts';
export { VARIABLES, type Env } from './variables.ts';
