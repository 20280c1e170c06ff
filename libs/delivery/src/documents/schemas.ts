import { ERROR_CODES, filterSchema, type ErrorCode, type Gap, type PostRemoval, type WireError } from '@hub/contracts';
import { z } from 'zod';
import { historySchema, subscribeSchema, updateFilterSchema } from '../requests.ts';
import { embeddedPostSchema, postSchema } from './post-schema.ts';

const cursor = z.string().describe('A position in the feed: opaque.');

const gapSchema: z.ZodType<Gap> = z.object({
  source: z.string(),
  stream: z.string(),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  reason: z.string(),
  closed_at: z.iso.datetime().exactOptional(),
});

const removalSchema: z.ZodType<PostRemoval> = z.object({ id: z.string(), uri: z.string() });

const errorSchema: z.ZodType<WireError> = z.object({
  code: z.enum(Object.keys(ERROR_CODES) as [ErrorCode, ...ErrorCode[]]),
  message: z.string(),
  retryable: z.boolean(),
  oldest: cursor.exactOptional(),
  cursor: cursor.exactOptional(),
  retry_after: z.number().exactOptional().describe('Seconds.'),
});

const eventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('post'), cursor, data: postSchema }),
  z.object({ type: z.literal('edit'), cursor, data: postSchema }),
  z.object({ type: z.literal('delete'), cursor, data: removalSchema }),
]);

const page = { posts: z.array(postSchema), before: z.string().nullable(), cursor };

/** What travels, by the name that the documents give it. */
const SCHEMAS = {
  Filter: filterSchema,
  Post: postSchema,
  EmbeddedPost: embeddedPostSchema,
  Gap: gapSchema,
  PostRemoval: removalSchema,
  FeedEvent: eventSchema,
  Error: errorSchema,
  Failure: z.object({ error: errorSchema }),
  MastodonFailure: z.object({ error: z.string(), code: z.string() }),
  HistoryPage: z.object(page),
  Gaps: z.object({ gaps: z.array(gapSchema) }),
  Posts: z.array(postSchema),
  SubscribeRequest: subscribeSchema,
  UpdateFilterRequest: updateFilterSchema,
  HistoryRequest: historySchema,
  SubscribeAnswer: z.object({ ok: z.literal(true), cursor, dictionary: z.string().optional() }),
  UpdateFilterAnswer: z.object({ ok: z.literal(true), cursor }),
  HistoryAnswer: z.object({ ok: z.literal(true), ...page }),
  Refusal: z.object({ ok: z.literal(false), error: errorSchema }),
  PostsFrame: z.object({ cursor, events: z.array(eventSchema) }),
  GapNotice: z.object({
    source: z.string(),
    stream: z.string(),
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    reason: z.string(),
    closed_at: z.iso.datetime().optional(),
    cursor,
  }),
  Lagging: z.object({ behind: z.number().int(), cursor }),
  Waiting: z.object({ ahead: z.number().int() }),
} satisfies Record<string, z.ZodType>;

export type SchemaName = keyof typeof SCHEMAS;

export const ref = (name: SchemaName) => ({ $ref: `#/components/schemas/${name}` });

/** Requests are refused for fields that are not known; answers may get more. */
const CLOSED = new Set<string>(['Filter', 'SubscribeRequest', 'UpdateFilterRequest', 'HistoryRequest']);
/** Where the generator puts what several schemas use. */
const SHARED = '__shared';

/** The schemas of the documents, generated from what checks requests. */
export function jsonSchemas(): Record<string, object> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(SCHEMAS)) registry.add(schema, { id });
  const uri = (id: string) => `#/components/schemas/${id}`;
  const { schemas } = z.toJSONSchema(registry, { uri, unrepresentable: 'any' });
  const { [SHARED]: shared = {}, ...named } = schemas;
  const all = { ...named, ...(shared as { $defs?: Record<string, object> }).$defs };
  return Object.fromEntries(Object.entries(all).map(([name, schema]) => [name, tidied(schema, CLOSED.has(name))]));
}

function tidied(schema: object, isClosed: boolean): object {
  const text = JSON.stringify(schema, (key, value: unknown) => {
    if (key === '$schema' || key === '$id' || (key === 'id' && typeof value === 'string')) return undefined;
    // The format says it in fewer words.
    if (key === 'pattern' && typeof value === 'string' && value.includes('[2468][048]')) return undefined;
    return key === 'additionalProperties' && !isClosed ? undefined : value;
  });
  return JSON.parse(text.replaceAll(`${SHARED}#/$defs/`, '')) as object;
}
