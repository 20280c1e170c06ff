import { filterSchema, type Filter } from '@hub/contracts';
import { z } from 'zod';

const MAX_PAGE = 100;
const DEFAULT_PAGE = 40;
/** Cursors go out again as they came in: as ids of events, in trailers. */
const cursor = z.string().regex(/^[\x21-\x7e]{1,1000}$/, 'not one that a hub gave');
const limit = z.int().min(1).max(MAX_PAGE);
const limitText = z
  .string()
  .regex(/^\d{1,3}$/, 'a number')
  .transform(Number)
  .pipe(limit)
  .default(DEFAULT_PAGE);

export const subscribeSchema = z.strictObject({
  filter: filterSchema.optional(),
  cursor: cursor.optional(),
  compress: z.boolean().optional(),
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
