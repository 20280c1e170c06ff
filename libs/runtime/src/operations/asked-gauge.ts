import { setTimeout as sleep } from 'node:timers/promises';
import { Gauge, type Registry } from 'prom-client';

/** What is asked and what is shown: one sample for each label value, or one without a label. */
export interface AskedGaugeOptions<Label extends string> {
  name: string;
  help: string;
  label: Label;
  /** Label value → value. It may cost something: it is called at a scrape, and not again before `freshMs` are over. */
  ask: () => Promise<Readonly<Record<string, number>>>;
  freshMs?: number;
  /** How long a scrape waits for the answer. */
  withinMs?: number;
}

/** A gauge whose values somebody else has to be asked for. Without an answer in time it shows none, rather than old ones. */
export function askedGauge<Label extends string>(registry: Registry, options: AskedGaugeOptions<Label>): Gauge<Label> {
  const { name, help, label, ask, freshMs = 15_000, withinMs = 2_000 } = options;
  let asked: { at: number; answer: Promise<Readonly<Record<string, number>> | undefined> } | undefined;
  const answer = () => {
    if (asked === undefined || Date.now() - asked.at >= freshMs) {
      asked = { at: Date.now(), answer: ask().catch(() => undefined) };
    }
    return asked.answer;
  };
  return new Gauge({
    name,
    help,
    labelNames: [label],
    registers: [registry],
    async collect() {
      const values = await Promise.race([answer(), sleep(withinMs, undefined, { ref: false })]);
      this.reset();
      for (const [of, value] of Object.entries(values ?? {})) this.labels(of).set(value);
    },
  });
}
