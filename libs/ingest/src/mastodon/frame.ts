import { isObject, text, type JsonObject } from './json.ts';

/** What a streaming server says. `status` is a Status as it is on the wire, with at least an id. */
export type Frame =
  | { kind: 'created' | 'edited'; id: string; status: JsonObject }
  | { kind: 'deleted'; id: string }
  /** An event of another kind: fine, and of no use here. */
  | { kind: 'other' }
  | { kind: 'error'; message: string }
  | { kind: 'malformed' };

const MALFORMED: Frame = { kind: 'malformed' };

/** Reads one WebSocket message. Never throws. */
export function readFrame(message: string): Frame {
  const frame = parse(message);
  if (!isObject(frame)) return MALFORMED;
  const error = frame['error'];
  if (error !== undefined) return { kind: 'error', message: typeof error === 'string' ? error : 'unnamed' };
  return readEvent(frame['event'], frame['payload']);
}

/** Reads an event by its name and payload, as server-sent events have them too. */
export function readEvent(event: unknown, payload: unknown): Frame {
  switch (event) {
    case 'update':
      return readStatus('created', payload);
    case 'status.update':
      return readStatus('edited', payload);
    case 'delete':
      return readDeletion(payload);
    default:
      return typeof event === 'string' ? { kind: 'other' } : MALFORMED;
  }
}

function readStatus(kind: 'created' | 'edited', payload: unknown): Frame {
  const status = typeof payload === 'string' ? parse(payload) : payload;
  if (!isObject(status)) return MALFORMED;
  const id = text(status, 'id');
  return id === '' ? MALFORMED : { kind, id, status };
}

function readDeletion(payload: unknown): Frame {
  const id = typeof payload === 'number' ? String(payload) : payload;
  return typeof id === 'string' && id !== '' ? { kind: 'deleted', id } : MALFORMED;
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
