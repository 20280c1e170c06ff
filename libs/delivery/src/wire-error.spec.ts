import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { z } from 'zod';
import { splitQuery } from './http/query.ts';
import { readTimelineQuery } from './mastodon/timeline-query.ts';
import { gapsQuerySchema, historyQuerySchema, historySchema, subscribeSchema } from './requests.ts';
import { toWireError } from './wire-error.ts';

/** What is told of a failure; undefined if there is none. */
function told(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    const { code, message } = toWireError(error);
    return `${code} ${message}`;
  }
}
const page = (query: Record<string, unknown>) =>
  told(() => historyQuerySchema.parse(splitQuery(query, ['before', 'limit'])));
const asks = (schema: z.ZodType) => (value: unknown) => told(() => schema.parse(value));

const LENGTH = 'invalid_filter filter.min_length: must be a whole number from 0 to 100000';
const LIMIT = 'bad_request limit: must be a whole number from 1 to 100';
const MEDIA = 'must be true, false, or of image, gifv, video, audio, unknown';

describe('who sends what is wrong is told what is right', () => {
  it.each<[(value: never) => string | undefined, unknown, string]>([
    [page, { min_length: 'abc' }, LENGTH],
    [page, { min_length: '9999999' }, LENGTH],
    [asks(subscribeSchema), { filter: { min_length: NaN } }, LENGTH],
    [asks(subscribeSchema), { filter: { min_length: 1.5 } }, LENGTH],
    [page, { limit: 'x' }, LIMIT],
    [page, { limit: '1000' }, LIMIT],
    [page, { limit: ['5', '6'] }, LIMIT],
    [asks(gapsQuerySchema), { limit: '0' }, LIMIT],
    [asks(historySchema), { limit: NaN }, LIMIT],
    [asks(historySchema), { limit: 101 }, LIMIT],
    [page, { reply: 'perhaps' }, 'invalid_filter filter.reply: must be true or false'],
    [page, { media: 'hologram' }, `invalid_filter filter.media: ${MEDIA}`],
    [page, { langauge: 'en' }, 'invalid_filter filter: there is no "langauge"'],
    [asks(subscribeSchema), { filter: [] }, 'invalid_filter filter: must be an object'],
    [asks(subscribeSchema), { cursor: 5 }, 'invalid_cursor cursor: must be one that a hub gave'],
    [asks(subscribeSchema), 5, 'bad_request the request: must be an object'],
    [asks(gapsQuerySchema), { nope: '' }, 'bad_request the request: there is no "nope"'],
  ])('%p, %j: %s', (ask, value, words) => {
    expect(ask(value as never)).toBe(words);
  });

  it('in words of our own, whatever it is', () => {
    const FOREIGN = /Invalid|Unrecognized|expected|received|Too (?:big|small)/;
    const fields = ['language', 'keyword', 'media', 'reply', 'min_length', 'not'];
    const filter = fc.dictionary(fc.constantFrom(...fields), fc.oneof(fc.jsonValue(), fc.double()));
    const text = fc.oneof(fc.string(), fc.array(fc.string()));
    const names = ['limit', 'max_id', 'min_id', 'local', 'only_media', 'any[]', 'none[]'];
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), filter), (value) => {
        for (const request of [value, { filter: value }, { cursor: value }, { compress: value }]) {
          expect(told(() => subscribeSchema.parse(request)) ?? '').not.toMatch(FOREIGN);
        }
        for (const request of [{ limit: value }, { before: value }]) {
          expect(told(() => historySchema.parse(request)) ?? '').not.toMatch(FOREIGN);
        }
      }),
    );
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...fields, ...names), text), (query) => {
        expect(page(query) ?? '').not.toMatch(FOREIGN);
        expect(told(() => readTimelineQuery(query)) ?? '').not.toMatch(FOREIGN);
      }),
    );
  });
});
