// npm run test:crash: the long form of the crash test; HUB_CRASH_ROUNDS sets how long.
process.env.HUB_CRASH_ROUNDS ??= '50';
process.argv.push('test/e2e/crash', '--selectProjects', 'e2e');
await import('./test.mjs');
