import { encodeEvent, type PubSubGenericMessage } from '@hub/contracts/proto';
import { toPublicPost } from '@hub/ingest';
import { startSimulator, type GroundTruth } from '@hub/simulator';

const MADE = 2_200;
/** Of a status as JSON, at least: then they have 3 KB on average. */
const BYTES = 2_550;

/** Statuses as servers send them: the simulator's public ones of authors who allow everything, the longer ones of them. */
export async function shapes(): Promise<Record<string, unknown>[]> {
  const simulator = await startSimulator({ host: '127.0.0.1', port: 0, rate: 0, seed: 7 });
  try {
    const body = JSON.stringify({ kind: 'post', count: MADE });
    const headers = { 'content-type': 'application/json' };
    await fetch(`${simulator.url}/simulator/emit`, { method: 'POST', headers, body });
    const truth = (await (await fetch(`${simulator.url}/simulator/truth?full=1`)).json()) as GroundTruth;
    return truth.posts
      .filter(({ consent }) => consent.length === 0)
      .map(({ status }) => structuredClone(status ?? {}) as Record<string, unknown>)
      .filter((status) => jsonBytes(status) >= BYTES);
  } finally {
    await simulator.close();
  }
}

export function jsonBytes(status: Record<string, unknown>): number {
  return Buffer.byteLength(JSON.stringify(status));
}

/** Makes messages without end, each another post; `run` keeps those of different runs apart. */
export function* messages(
  statuses: readonly Record<string, unknown>[],
  run: string,
): Generator<PubSubGenericMessage, never> {
  for (let n = 0; ; n += 1) {
    const status = statuses[n % statuses.length];
    const id = `${run}-${n}`;
    const observedAt = new Date();
    const post = toPublicPost({
      ...status,
      id,
      uri: uriOf(run, n),
      created_at: observedAt.toISOString(),
    });
    const { key, value, headers } = encodeEvent({
      source: 'bench.example',
      localId: id,
      observedAt,
      ingestSequence: n + 1,
      stream: 'public',
      event: { $case: 'created', value: { post } },
    });
    yield { key: Buffer.from(key), value, attributes: headers };
  }
}

export function uriOf(run: string, n: number): string {
  return `https://bench.example/${run}-${n}`;
}
