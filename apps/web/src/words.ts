const number = new Intl.NumberFormat('en');
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

/** 12345 → 12,345 */
export function count(value: number): string {
  return number.format(value);
}

/** 12345 → 12.3K */
export function shortCount(value: number): string {
  return compact.format(value);
}

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
] as const;

/** A time span (milliseconds) in its largest unit: 3 minutes. */
export function inWords(ms: number): string {
  const [unit, size] = UNITS.find(([, size]) => ms >= size) ?? UNITS[3];
  const value = Math.max(1, Math.round(ms / size));
  return `${value} ${unit}${value === 1 ? '' : 's'}`;
}

/** Milliseconds as one reads them: 340 ms, 2.1 s. */
export function latency(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;
}

const names = new Intl.DisplayNames(['en'], { type: 'language' });

/** The English name of a language tag, or the tag. */
export function languageName(tag: string): string {
  try {
    return names.of(tag) ?? tag;
  } catch (error) {
    if (error instanceof RangeError) return tag;
    throw error;
  }
}
