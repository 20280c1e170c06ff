import { describe, expect, it } from '@jest/globals';
import type { HubEvent } from '@hub/client';
import { aPost } from '@hub/storage/testkit';
import { Pulse } from './pulse.ts';

const START = Date.parse('2026-11-01T12:00:00.000Z');
const arrival = (at: number, hub: NonNullable<Parameters<typeof aPost>[0]>['hub'] = {}, language = 'en'): HubEvent => ({
  type: 'post',
  cursor: '',
  data: aPost({ language, hub: { observed_at: new Date(at).toISOString(), ...hub } }),
});

describe('Pulse', () => {
  it('counts posts by the second, and knows nothing of before it began', () => {
    const pulse = new Pulse(START);
    pulse.note([arrival(START), arrival(START)], START + 100);
    pulse.note([arrival(START + 2000)], START + 2100);
    const [times, posts] = pulse.columns(4, START + 3000);
    expect(times.map((time) => time - START / 1000)).toEqual([-1, 0, 1, 2]);
    expect(posts).toEqual([null, 2, 0, 1]);
    expect(pulse.rate(10, START + 3000)).toBe(0.3);
  });

  it('measures the delay of live posts; those caught up on say nothing of it', () => {
    const pulse = new Pulse(START);
    pulse.note([arrival(START - 50), arrival(START - 200), arrival(START - 3_600_000)], START);
    expect(pulse.delay(60, 0.5, START)).toBe(200);
    expect(pulse.delay(60, 0, START)).toBe(50);
    expect(new Pulse(START).delay(60, 0.5, START)).toBeNull();
  });

  it('ranks within a window, and leaves tags of those who do not want to trend out', () => {
    const pulse = new Pulse(START);
    pulse.note([arrival(START, { hashtags: ['old'] }, 'de')], START);
    const later = START + 400_000;
    pulse.note(
      [
        arrival(later, { hashtags: ['cats', 'dogs'] }),
        arrival(later, { hashtags: ['cats'] }),
        arrival(later, { hashtags: ['private'], trendable: false }),
      ],
      later,
    );
    expect(pulse.top('hashtags', 300, 5, later)).toEqual([
      ['cats', 2],
      ['dogs', 1],
    ]);
    expect(pulse.top('hashtags', 900, 5, later).map(([tag]) => tag)).toEqual(['cats', 'dogs', 'old']);
    expect(pulse.top('languages', 300, 5, later)).toEqual([['en', 3]]);
    expect(pulse.sources.get('social.example')).toMatchObject({ posts: 4, lastSeen: later });
  });

  it('counts anew for another view', () => {
    const pulse = new Pulse(START);
    pulse.note([arrival(START, { hashtags: ['cats'] })], START);
    pulse.clear(START + 5000);
    expect(pulse.top('hashtags', 300, 5, START + 5000)).toEqual([]);
    expect(pulse.columns(2, START + 6000)[1]).toEqual([null, 0]);
  });

  it('forgets after a quarter of an hour', () => {
    const pulse = new Pulse(START);
    pulse.note([arrival(START, { hashtags: ['old'] })], START);
    const later = START + 1_000_000;
    pulse.note([arrival(later)], later);
    expect(pulse.top('hashtags', 10_000, 5, later)).toEqual([]);
    expect(pulse.rate(10_000, later)).toBe(1 / 10_000);
  });
});
