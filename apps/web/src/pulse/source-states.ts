import { useEffect, useState } from 'react';
import { authorization } from '../access/token.ts';

/** How the hub's reading of one stream of a server goes, in the words of `GET /api/v1/sources`. */
export interface SourceState {
  source: string;
  stream: string;
  state: string;
  capability: string;
  /** What the state and the capability mean, for people. */
  means: string;
}

const ASK_EVERY_MS = 10_000;

/** Undefined where nobody can tell: a gateway by itself reads no servers. */
export function useSourceStates(): readonly SourceState[] | undefined {
  const [states, setStates] = useState<readonly SourceState[]>();
  useEffect(() => {
    const ask = async () => {
      const answer = await fetch('./api/v1/sources', { headers: authorization() });
      setStates(answer.ok ? ((await answer.json()) as { sources: SourceState[] }).sources : undefined);
      // It will not come to know.
      if (answer.status === 404) clearInterval(timer);
    };
    const askNow = () => void ask().catch(() => setStates(undefined));
    const timer = setInterval(askNow, ASK_EVERY_MS);
    askNow();
    return () => clearInterval(timer);
  }, []);
  return states;
}
