import { decodeEvent, InvalidEventError, type PostEvent } from '@hub/contracts/proto';
import type { DeadLetter } from '@hub/messaging';
import { gate, type ConsentMode } from '@hub/policy';

/** What `list` tells of a dead letter. */
export interface Summary {
  id: string;
  failedAt: string;
  reason: string;
  origin: string;
  key: string;
}

/** What `show` tells: never what may not be shown, nor bytes that nobody could read. */
export interface Description extends Summary {
  detail: string;
  bytes: number;
  headers: Readonly<Record<string, string>>;
  event?: PostEvent;
  /** Why there is no event. */
  withheld?: string;
}

export function summarize({ id, failedAt, reason, origin, key }: DeadLetter): Summary {
  const time = Number.isNaN(failedAt.getTime()) ? 'unknown' : failedAt.toISOString();
  return { id, failedAt: time, reason, origin, key };
}

export function describeLetter(letter: DeadLetter, consent: ConsentMode): Description {
  const { detail, value, headers } = letter;
  return { ...summarize(letter), detail, bytes: value.byteLength, headers, ...readEvent(letter, consent) };
}

function readEvent(letter: DeadLetter, consent: ConsentMode): Pick<Description, 'event' | 'withheld'> {
  try {
    const result = gate(decodeEvent(letter, 0), consent);
    if (result.pass) return { event: result.event };
    return { withheld: `what it carries may not be shown (${result.reason})` };
  } catch (error) {
    if (error instanceof InvalidEventError) return { withheld: error.message };
    throw error;
  }
}

/** Whatever could steer a terminal or turn the reading direction around, but for line ends. */
const UNSAFE = /[[\p{Cc}\u202A-\u202E\u2066-\u2069]--\n]/gv;
const SPACE = 2;

/** Rows as columns for a terminal, under the names of the fields. */
export function table(rows: readonly Summary[]): string {
  const columns = ['id', 'failedAt', 'reason', 'origin', 'key'] as const;
  const lines = [columns, ...rows.map((row) => columns.map((name) => printable(row[name]).replaceAll('\n', ' ')))];
  const widths = columns.map((_, i) => Math.max(...lines.map((line) => line[i]?.length ?? 0)) + SPACE);
  return lines
    .map(
      (line) =>
        `${line
          .map((cell, i) => cell.padEnd(widths[i] ?? 0))
          .join('')
          .trimEnd()}\n`,
    )
    .join('');
}

export function details({ event, headers, ...rest }: Description): string {
  const lines = Object.entries(rest).map(([name, value]) => `${name}: ${value}`);
  const parts = [...lines, `headers: ${pretty(headers)}`, ...(event === undefined ? [] : [`event: ${pretty(event)}`])];
  return `${printable(parts.join('\n'))}\n`;
}

function pretty(value: object): string {
  return JSON.stringify(value, undefined, 2);
}

function printable(text: string): string {
  return text.replaceAll(UNSAFE, '�');
}
