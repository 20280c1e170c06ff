import type { SubscribeAnswer } from '@hub/contracts';
import { inflateSync, strFromU8, strToU8 } from 'fflate';
import { Decoder, Encoder, PacketType, type Packet } from 'socket.io-parser';

/**
 * Reads compressed frames too. A hub sends no binary Socket.IO events: what is binary is the text of a packet, compressed
 * (SubscribeAnswer of @hub/contracts). The dictionary is taken out of the answer here, because frames may be read before
 * whoever asked is told of it.
 */
class FrameDecoder extends Decoder {
  #dictionary: Uint8Array | undefined;

  constructor() {
    super();
    this.on('decoded', ({ type, data }: Packet) => {
      if (type === PacketType.ACK) this.#learn((data as [Partial<SubscribeAnswer>?])[0]);
    });
  }

  override add(data: string | Uint8Array | ArrayBuffer): void {
    if (typeof data === 'string') return super.add(data);
    const bytes = ArrayBuffer.isView(data) ? data : new Uint8Array(data);
    super.add(strFromU8(inflateSync(bytes, this.#dictionary && { dictionary: this.#dictionary })));
  }

  #learn(answer: Partial<SubscribeAnswer> | undefined): void {
    if (typeof answer?.dictionary === 'string') this.#dictionary = strToU8(answer.dictionary);
  }
}

/** For socket.io-client's `parser`. */
export const frameParser = { Encoder, Decoder: FrameDecoder };
