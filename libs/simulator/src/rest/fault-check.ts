import type { Faults } from '../faults.ts';
import { MastodonError } from '../mastodon-error.ts';

/** Refuses a stream when a fault says so. @throws MastodonError 429 or 503 */
export function checkFaults(faults: Faults): void {
  if (faults.strikes('rate_limited')) throw new MastodonError(429, 'Too many requests');
  checkServer(faults);
}

/** Refuses any request when the server cannot. @throws MastodonError 503 */
export function checkServer(faults: Faults): void {
  if (faults.strikes('server_error')) throw new MastodonError(503, 'Remote data could not be fetched');
}
