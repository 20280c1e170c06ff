export * from './errors.ts';
export * from './feed.ts';
export * from './filter.ts';
export * from './names.ts';
export * from './post.ts';
export * from './socket-events.ts';
export * from './text.ts';
