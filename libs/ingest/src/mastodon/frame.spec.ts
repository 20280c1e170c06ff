import { describe, expect, it } from '@jest/globals';
import { readFrame } from './frame.ts';

const frame = (event: unknown, payload?: unknown, stream: unknown = ['public']) =>
  readFrame(JSON.stringify({ stream, event, payload }));

describe('readFrame', () => {
  it('reads posts, edits and deletions', () => {
    expect(frame('update', '{"id":"1"}')).toEqual({ kind: 'created', id: '1', status: { id: '1' } });
    expect(frame('status.update', '{"id":"1"}')).toMatchObject({ kind: 'edited', id: '1' });
    expect(frame('delete', '01M8311AQ7K3GYVYP1SGNCK9PZ')).toEqual({
      kind: 'deleted',
      id: '01M8311AQ7K3GYVYP1SGNCK9PZ',
    });
  });

  it('reads what some servers do otherwise: payloads that are no strings, ids that are numbers, no stream', () => {
    expect(frame('update', { id: 5 }, undefined)).toMatchObject({ kind: 'created', id: '5' });
    expect(frame('delete', 5)).toEqual({ kind: 'deleted', id: '5' });
  });

  it('passes over events of other kinds', () => {
    expect(frame('announcement', '{}')).toEqual({ kind: 'other' });
    expect(frame('filters_changed')).toEqual({ kind: 'other' });
  });

  it('tells errors', () => {
    expect(readFrame('{"error":"Unknown stream type","status":400}')).toEqual({
      kind: 'error',
      message: 'Unknown stream type',
    });
  });

  it.each(['', '{', 'null', '[]', '"x"', '{}', '{"event":5}'])('calls %p malformed', (text) => {
    expect(readFrame(text)).toEqual({ kind: 'malformed' });
  });

  it.each([
    ['update', '{"id":'],
    ['update', '{}'],
    ['update', 'null'],
    ['delete', ''],
    ['delete', null],
    ['status.update', 7],
  ])('calls %s with payload %p malformed', (event, payload) => {
    expect(frame(event, payload)).toEqual({ kind: 'malformed' });
  });
});
