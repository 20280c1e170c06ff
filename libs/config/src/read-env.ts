import { distance } from 'fastest-levenshtein';
import { ConfigError, type EnvProblem } from './config-error.ts';
import { VARIABLES, type Env, type VariableName } from './variables.ts';

/** Names that begin so are meant for the hub: an unknown one is a mistake. */
const OUR_PREFIXES =
  /^(MASTODON_|PUBLISHER_|PUBSUB_|STORE_|API_GATEWAY_|GRPC_SERVICE_|RETENTION_|SIMULATOR_|OPERATIONS_)/;
/** PUBSUB_EMULATOR_HOST and the like are read by SDKs, not by us. */
const OTHERS = new Set(['PUBSUB_EMULATOR_HOST', 'PUBSUB_PROJECT_ID']);
const NAMES = Object.keys(VARIABLES) as VariableName[];

/**
 * First step from the environment to the configuration: reads and checks each variable by itself. An empty one is
 * an unset one. Throws ConfigError with all problems at once.
 */
export function readEnv(env: Readonly<Record<string, string | undefined>>): Env {
  const problems = misspelt(env);
  const values: Record<string, unknown> = {};
  for (const name of NAMES) {
    const { schema, accepts } = VARIABLES[name];
    const result = schema.safeParse(env[name]?.trim() === '' ? undefined : env[name]?.trim());
    if (result.success) values[name] = result.data;
    else problems.push({ variable: name, problem: `accepts ${accepts}` });
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return values as Env;
}

function misspelt(env: Readonly<Record<string, string | undefined>>): EnvProblem[] {
  const unknown = Object.keys(env).filter((name) => !Object.hasOwn(VARIABLES, name) && !OTHERS.has(name));
  return unknown.flatMap((name) => {
    const near = nearest(name);
    if (near !== undefined) return [{ variable: name, problem: `is not known; did you mean ${near}?` }];
    return OUR_PREFIXES.test(name)
      ? [{ variable: name, problem: 'is not known; .env.example lists all variables' }]
      : [];
  });
}

/** The known name that this one is a slip of: two letters off at most, and only where names are long enough to tell. */
function nearest(name: string): VariableName | undefined {
  return NAMES.find((known) => known.length >= 7 && name.length >= 7 && distance(known, name.toUpperCase()) <= 2);
}
