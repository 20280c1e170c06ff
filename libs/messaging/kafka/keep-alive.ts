import { BrokerUnavailableError } from '@hub/messaging';
import { isLostMembership } from './errors.ts';
import { HEARTBEAT_MS, SESSION_TIMEOUT_MS } from './session.ts';

/**
 * Sends heartbeats while a batch is in hand: kafkajs sends none meanwhile. Tells of a membership that is lost, or must
 * be taken for lost because no heartbeat has come through. Returns how to stop.
 */
export function keepAlive(heartbeat: () => Promise<void>, onLost: (error: unknown) => void): () => void {
  let last = Date.now();
  const beat = async (): Promise<void> => {
    if (Date.now() - last > SESSION_TIMEOUT_MS) {
      return onLost(new BrokerUnavailableError('Kafka has not answered a heartbeat for too long'));
    }
    try {
      await heartbeat();
      last = Date.now();
    } catch (error) {
      // Of another kind it may pass: the next one tells.
      if (isLostMembership(error)) onLost(error);
    }
  };
  const timer = setInterval(() => void beat(), HEARTBEAT_MS / 2);
  return () => clearInterval(timer);
}
