import { constants } from 'node:http2';
import { privateField } from '../private-field.ts';
import type { FeedCall } from './grpc-sink.ts';

/**
 * Ends a call whose client takes nothing, and with it nothing else of the connection. A status would wait behind what is not
 * taken; the reset of an HTTP/2 stream does not, but grpc-js keeps the stream to itself. Clients see RESOURCE_EXHAUSTED.
 */
export function resetCall(call: FeedCall): void {
  const stream = privateField(privateField(call, 'call'), 'stream');
  const close = privateField(stream, 'close');
  if (typeof close !== 'function') throw new TypeError('grpc-js keeps the stream of a call elsewhere now');
  Reflect.apply(close, stream, [constants.NGHTTP2_ENHANCE_YOUR_CALM]);
}
