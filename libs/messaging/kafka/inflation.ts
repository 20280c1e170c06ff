import { AsyncLocalStorage } from 'node:async_hooks';
import { promisify } from 'node:util';
import { gunzip, gzip, zstdCompress, zstdDecompress } from 'node:zlib';
import { HubError } from '@hub/contracts';
import kafkajs from 'kafkajs';

/*
 * A broker bounds what it sends by the compressed bytes, of which a post's may be a quarter and a hostile one's a
 * thousandth. So whoever fetches has an allowance of inflated bytes: when it is used up, the rest of the response is
 * left alone as if it had been cut off there, and comes again with the next fetch.
 */
export class Allowance {
  private left: number;

  constructor(private readonly bytes: number) {
    this.left = bytes;
  }

  /** Before each fetch. */
  renew(): void {
    this.left = this.bytes;
  }

  get spent(): boolean {
    return this.left <= 0;
  }

  spend(bytes: number): void {
    this.left -= bytes;
  }
}

const allowances = new AsyncLocalStorage<Allowance>();

/** Calls `start`; what is fetched by whatever it starts is charged to the allowance. */
export function withAllowance<T>(allowance: Allowance, start: () => Promise<T>): Promise<T> {
  return allowances.run(allowance, start);
}

/** kafkajs takes an error of this name for the end of what was sent. */
class RestIsLeft extends Error {
  override readonly name = 'KafkaJSPartialMessageError';
}

type Transform = (bytes: Buffer) => Promise<Buffer>;

function codec(compress: Transform, decompress: Transform) {
  return {
    compress: ({ buffer }: { buffer: Buffer }) => compress(buffer),
    async decompress(bytes: Buffer): Promise<Buffer> {
      const allowance = allowances.getStore();
      if (allowance?.spent === true) throw new RestIsLeft();
      const inflated = await intact(decompress(bytes));
      allowance?.spend(inflated.byteLength);
      return inflated;
    },
  };
}

async function intact(inflating: Promise<Buffer>): Promise<Buffer> {
  try {
    return await inflating;
  } catch (cause) {
    throw new HubError('data_corrupt', 'Kafka holds a record batch that cannot be decompressed', { cause });
  }
}

/** For all of the process. Node has what gzip and zstd need; of the others kafkajs says that it has none. */
export function installCodecs(): void {
  const { CompressionCodecs, CompressionTypes } = kafkajs;
  const gzipCodec = codec(promisify<Buffer, Buffer>(gzip), promisify<Buffer, Buffer>(gunzip));
  const zstdCodec = codec(promisify<Buffer, Buffer>(zstdCompress), promisify<Buffer, Buffer>(zstdDecompress));
  CompressionCodecs[CompressionTypes.GZIP] = () => gzipCodec;
  CompressionCodecs[CompressionTypes.ZSTD] = () => zstdCodec;
}
