export * from './a-change.ts';
export * from './a-post.ts';
