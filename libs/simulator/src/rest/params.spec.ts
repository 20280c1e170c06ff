import { describe, expect, it } from '@jest/globals';
import { flagParam, listParam, pageQuery, textParam } from './params.ts';

describe('pageQuery', () => {
  it.each([
    [{}, { limit: 20 }],
    [{ limit: '5' }, { limit: 5 }],
    [{ limit: '400' }, { limit: 40 }],
    [{ limit: '-3' }, { limit: 3 }],
    [{ limit: 'many' }, { limit: 0 }],
    [
      { max_id: '12', min_id: '', since_id: '007' },
      { limit: 20, max_id: '12', since_id: '7' },
    ],
    [{ max_id: 'abc' }, { limit: 20, max_id: '0' }],
    [{ max_id: '0' }, { limit: 20, max_id: '0' }],
    [{ max_id: ['1', '2'] }, { limit: 20, max_id: '2' }],
  ])('reads %j as %j', (query, page) => expect(pageQuery(query)).toEqual(page));
});

describe('parameters', () => {
  it('takes lists with and without brackets', () => {
    expect(listParam({ 'id[]': ['1', '2'] }, 'id')).toEqual(['1', '2']);
    expect(listParam({ id: '1' }, 'id')).toEqual(['1']);
    expect(listParam({}, 'id')).toEqual([]);
  });

  it('takes what Rails takes for yes and no', () => {
    expect(['true', '1', 'on', 'yes', 'whatever'].map((local) => flagParam({ local }, 'local'))).not.toContain(false);
    expect(['false', '0', 'off', 'F', ''].map((local) => flagParam({ local }, 'local'))).not.toContain(true);
    expect(flagParam({}, 'local')).toBe(false);
    expect(textParam({ tag: { nested: 'x' } }, 'tag')).toBeUndefined();
  });
});
