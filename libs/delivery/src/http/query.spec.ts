import { describe, expect, it } from '@jest/globals';
import { historyQuerySchema } from '../requests.ts';
import { splitQuery } from './query.ts';

describe('splitQuery', () => {
  it('reads repeated and comma-separated values and leaves named parameters alone', () => {
    const query = { language: ['en,de', 'fr'], hashtag: 'cats', before: 'a,b', reply: 'false', media: 'image,video' };
    expect(historyQuerySchema.parse(splitQuery(query, ['before']))).toEqual({
      before: 'a,b',
      filter: { language: ['en', 'de', 'fr'], hashtag: ['cats'], reply: false, media: ['image', 'video'] },
      limit: 40,
    });
  });

  it('reads what is to be left out', () => {
    const query = { 'not.language': 'en,de', 'not.media': 'video', min_length: '20' };
    expect(historyQuerySchema.parse(splitQuery(query, [])).filter).toEqual({
      not: { language: ['en', 'de'], media: ['video'] },
      min_length: 20,
    });
    expect(() => historyQuerySchema.parse(splitQuery({ 'not.reply': 'true' }, []))).toThrow(/reply/);
  });

  it('leaves unknown parameters to the schema, which names them', () => {
    expect(() => historyQuerySchema.parse(splitQuery({ langauge: 'en' }, []))).toThrow(/langauge/);
  });

  it.each(['0', '101', '-1', '1.5', 'x', ''])('refuses the limit %j', (limit) => {
    expect(historyQuerySchema.safeParse(splitQuery({ limit }, ['limit'])).success).toBe(false);
  });
});
