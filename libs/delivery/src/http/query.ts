/** A URL's parameters as the HTTP framework parses them. */
export type Query = Readonly<Record<string, unknown>>;

const NOT = 'not.';

/**
 * Sorts a URL's parameters into the named ones and the filter: `language=en,de&language=fr&not.hashtag=nsfw`. Unknown
 * names go to the filter, whose schema refuses them by name.
 */
export function splitQuery(query: Query, names: readonly string[]): Record<string, unknown> {
  const request: Record<string, unknown> = {};
  const filter: Record<string, unknown> = {};
  const not: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(withoutToken(query))) {
    if (names.includes(name)) request[name] = value;
    else if (name.startsWith(NOT)) not[name.slice(NOT.length)] = oneOrList(value);
    else filter[name] = oneOrList(value);
  }
  if (Object.keys(not).length > 0) filter['not'] = not;
  return { ...request, filter };
}

/** The parameters but for the credential, which the guard has read. */
export function withoutToken(query: Query): Query {
  const { access_token: _, ...rest } = query;
  return rest;
}

function oneOrList(value: unknown): unknown {
  const values = (Array.isArray(value) ? value : [value]).flatMap((one: unknown) =>
    typeof one === 'string' ? one.split(',') : [one],
  );
  return values.length === 1 ? values[0] : values;
}
