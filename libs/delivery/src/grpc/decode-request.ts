import { HubError } from '@hub/contracts';
import { SubscribeRequestMessage } from '@hub/contracts/proto';

/** Throws a HubError of code bad_request for bytes that are no such message. */
export function decodeRequest(bytes: Uint8Array): SubscribeRequestMessage {
  try {
    return SubscribeRequestMessage.decode(bytes);
  } catch (cause) {
    throw new HubError('bad_request', 'This is no SubscribeRequest as feed.proto has it.', { cause });
  }
}
