/** What this process failed to catch since then, until it is disposed of. */
export function watchFailures(): Disposable & { failures: unknown[]; note: (failure: unknown) => void } {
  const failures: unknown[] = [];
  const note = (failure: unknown) => void failures.push(failure);
  process.on('uncaughtException', note).on('unhandledRejection', note);
  return {
    failures,
    note,
    [Symbol.dispose]: () => void process.off('uncaughtException', note).off('unhandledRejection', note),
  };
}
