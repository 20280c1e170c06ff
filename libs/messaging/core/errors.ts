import { HubError } from '@hub/contracts';

/** The broker cannot be reached or does not answer now. */
export class BrokerUnavailableError extends HubError {
  constructor(message: string, options?: ErrorOptions) {
    super('broker_unavailable', message, options);
  }
}
