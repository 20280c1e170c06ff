/**
 * Tolerant reading of other servers' JSON: what is missing or of the wrong kind reads as empty, nothing throws.
 * Fields are asked for by Mastodon's names; masto.js hands them over in camelCase, so that form is read too.
 */
export type JsonObject = Readonly<Record<string, unknown>>;

const camelNames = new Map<string, string>();

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function field(from: JsonObject, name: string): unknown {
  const value = from[name];
  return value === undefined ? from[camelName(name)] : value;
}

function camelName(name: string): string {
  const known = camelNames.get(name);
  if (known !== undefined) return known;
  const camel = name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  camelNames.set(name, camel);
  return camel;
}

/** Empty for null, as on the wire. Some servers send ids as numbers. */
export function text(from: JsonObject, name: string): string {
  const value = field(from, name);
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : '';
}

export function optionalInteger(from: JsonObject, name: string): number | undefined {
  const value = field(from, name);
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(Math.trunc(number)) ? Math.trunc(number) : undefined;
}

export function integer(from: JsonObject, name: string): number {
  return optionalInteger(from, name) ?? 0;
}

export function real(from: JsonObject, name: string): number {
  const value = field(from, name);
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}

export function optionalFlag(from: JsonObject, name: string): boolean | undefined {
  const value = field(from, name);
  return typeof value === 'boolean' ? value : undefined;
}

export function flag(from: JsonObject, name: string): boolean {
  return field(from, name) === true;
}

export function time(from: JsonObject, name: string): Date | undefined {
  const value = field(from, name);
  if (typeof value !== 'string') return undefined;
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

export function nested<T>(from: JsonObject, name: string, read: (value: JsonObject) => T): T | undefined {
  const value = field(from, name);
  return isObject(value) ? read(value) : undefined;
}

export function list<T>(from: JsonObject, name: string, read: (value: JsonObject) => T): T[] {
  const value = field(from, name);
  return Array.isArray(value) ? value.filter(isObject).map(read) : [];
}

export function texts(from: JsonObject, name: string): string[] {
  const value = field(from, name);
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
