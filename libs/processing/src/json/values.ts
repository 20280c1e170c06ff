import { validTime } from '../checks.ts';

/** On the wire an empty string stands for JSON's null. */
export function orNull(text: string): string | null {
  return text === '' ? null : text;
}

/** ISO 8601; null if there is none, or none that a calendar knows. */
export function isoTime(date: Date | undefined): string | null {
  const time = validTime(date);
  return time === undefined ? null : new Date(time).toISOString();
}

/** A count as JSON can carry it: none is below zero. */
export function count(value: number): number {
  return Math.max(0, value);
}

/** Whether a measure was given: on the wire zero stands for «not said». */
export function isMeasure(value: number): boolean {
  return value > 0 && Number.isFinite(value);
}
