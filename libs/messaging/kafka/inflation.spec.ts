import { gzipSync, zstdCompressSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from '@jest/globals';
import kafkajs from 'kafkajs';
import { Allowance, installCodecs, withAllowance } from './inflation.ts';

interface Codec {
  compress(encoder: { buffer: Buffer }): Promise<Buffer>;
  decompress(bytes: Buffer): Promise<Buffer>;
}

const { CompressionCodecs, CompressionTypes } = kafkajs;
const codec = (type: keyof typeof CompressionCodecs) => CompressionCodecs[type]() as Codec;
const bytes = Buffer.alloc(1000, 'a');

describe('codecs', () => {
  beforeAll(() => installCodecs());

  it('read what gzip and zstd wrote, and what they wrote themselves', async () => {
    for (const [type, written] of [
      [CompressionTypes.GZIP, gzipSync(bytes)],
      [CompressionTypes.ZSTD, zstdCompressSync(bytes)],
    ] as const) {
      expect(await codec(type).decompress(written)).toEqual(bytes);
      expect(await codec(type).decompress(await codec(type).compress({ buffer: bytes }))).toEqual(bytes);
    }
  });

  it('tell of damage', async () => {
    const damaged = gzipSync(bytes).fill(0, 12);
    await expect(codec(CompressionTypes.GZIP).decompress(damaged)).rejects.toMatchObject({ code: 'data_corrupt' });
  });

  it('inflate until the allowance is used up, at least one batch, and again when it is renewed', async () => {
    const decompress = (written: Buffer) => codec(CompressionTypes.GZIP).decompress(written);
    const written = gzipSync(bytes);
    const allowance = new Allowance(1500);
    await withAllowance(allowance, async () => {
      await decompress(written);
      await decompress(written);
      await expect(decompress(written)).rejects.toMatchObject({ name: 'KafkaJSPartialMessageError' });
      allowance.renew();
      await decompress(written);
    });
    // Nobody else's.
    await decompress(written);
  });
});
