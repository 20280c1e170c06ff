import { filterSchema, type Filter } from '@hub/contracts';
import { z } from 'zod';

const MAX_PAGE = 100;
const DEFAULT_PAGE = 40;
/** What a client is told that sends something else. */
const CURSOR = 'must be one that a hub gave';
const LIMIT = `must be a whole number from 1 to ${MAX_PAGE}`;
/** Cursors go out again as they came in: as ids of events, in trailers. */
const cursor = z.string(CURSOR).regex(/^[\x21-\x7e]{1,1000}$/, CURSOR);
const limit = z.int(LIMIT).min(1, LIMIT).max(MAX_PAGE, LIMIT);
const limitText = z
  .string(LIMIT)
  .regex(/^\d{1,3}$/, LIMIT)
  .transform(Number)
  .pipe(limit)
  .default(DEFAULT_PAGE);

export const subscribeSchema = z.strictObject({
  filter: filterSchema.optional(),
  cursor: cursor.optional(),
  compress: z.boolean('must be true or false').optional(),
});

/** A filter that was made here of what a client sent. Throws ZodError. */
export const checkFilter = (filter: Filter): Filter => filterSchema.parse(filter);

export const updateFilterSchema = z.strictObject({ filter: filterSchema });

export const historySchema = z.strictObject({
  filter: filterSchema.optional(),
  before: cursor.optional(),
  limit: limit.default(DEFAULT_PAGE),
});

export const historyQuerySchema = historySchema.extend({ limit: limitText });

export const gapsQuerySchema = z.strictObject({ limit: limitText });
