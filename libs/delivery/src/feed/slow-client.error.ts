import { HubError } from '@hub/contracts';

/** The client takes nothing for longer than the hub waits. */
export class SlowClientError extends HubError {
  constructor() {
    super('too_slow', 'The connection took no data for too long: come back with the cursor.');
  }
}
