export { createApp, listenForOperations } from './create-app.ts';
export { MessagingModule } from './drivers/messaging.module.ts';
export { StorageModule } from './drivers/storage.module.ts';
export { grpcTransport } from './grpc-transport.ts';
export { loggingModule } from './logging.module.ts';
export { OperationsModule } from './operations/operations.module.ts';
export { reachableHost } from './reachable-host.ts';
export { run, stopLoudly, type RunningApp } from './run.ts';
