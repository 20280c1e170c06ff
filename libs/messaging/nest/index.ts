export { MessagingServer, type MessagingServerOptions } from './messaging-server.ts';
export { HandlesPostEvents, PassErrorsFilter, POST_EVENTS } from './post-events.ts';
