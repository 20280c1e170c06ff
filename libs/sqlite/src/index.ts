export * from './database.ts';
export * from './errors.ts';
export { giveWay } from './priority.ts';
export { notify, serve, type Methods, type Served } from './serve.ts';
export { DatabaseThread, type Remote } from './thread.ts';
