import { createRequire } from 'node:module';

interface RequestQueue {
  readonly pending: readonly unknown[];
  scheduleCheckPendingRequests: (this: RequestQueue) => void;
}

/** kafkajs has no release with this mended (https://github.com/tulios/kafkajs/issues/1751); its version is pinned by the lock. */
const QUEUE = 'kafkajs/src/network/requestQueue/index.js';

let mended = false;

/**
 * Each kafkajs connection looks every millisecond whether requests wait, also when none do: 4 % of a core for an idle
 * service, and a warning of Node's. After this it looks only while some wait.
 */
export function mendIdleTimers(): void {
  if (mended) return;
  mended = true;
  const { prototype } = createRequire(import.meta.url)(QUEUE) as { prototype: RequestQueue };
  const schedule = prototype.scheduleCheckPendingRequests;
  prototype.scheduleCheckPendingRequests = function () {
    if (this.pending.length > 0) schedule.call(this);
  };
}
