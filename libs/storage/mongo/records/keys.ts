import { hash } from 'node:crypto';
import type { Gap } from '@hub/contracts';

/** 128 bits of a text's SHA-256. */
function digest(text: string): string {
  return hash('sha256', text, 'buffer').subarray(0, 16).toString('base64url');
}

/** `_id` of the document for a URI. */
export function postKey(uri: string): string {
  return digest(uri);
}

export function gapKey({ source, stream, from }: Gap): string {
  return digest(JSON.stringify([source, stream, from]));
}

/** `_id` of what a post is called at a source. */
export function nameOf(source: string, localId: string): string {
  return `${source}/${localId}`;
}

/** `_id` of the document that all write who decide about what embeds a post. No name: a source is never empty. */
export function lockOf(uri: string): string {
  return `/${digest(uri)}`;
}

const MAX_MS = 2 ** 45 - 1;

/** A text that sorts posts by creation to the millisecond, then by what their id ends with. */
export function pageOrder(createdAt: string, id: string): string {
  const ms = Math.min(Math.max(Date.parse(createdAt), 0), MAX_MS);
  return ms.toString(32).padStart(9, '0') + id.slice(-10);
}

/** Sorts after every `pageOrder`. */
export const AFTER_ALL = '~';
