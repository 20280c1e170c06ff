import { describe, expect, it } from '@jest/globals';
import { explainEnd, waitAfter } from './explain-end.ts';

describe('explainEnd', () => {
  it.each([401, 403])('tells at %i which variable to set', (status) => {
    const end = { cause: 'refused' as const, status, detail: `HTTP ${status}` };
    expect(explainEnd(end, 'a.example', 'public', false)).toMatch(/to its users only .* set MASTODON_ACCESS_TOKEN/);
    expect(explainEnd(end, 'a.example', 'public', true)).toMatch(
      /refused the access token .* set MASTODON_ACCESS_TOKEN/,
    );
  });

  it('tells an unreachable server', () => {
    const end = { cause: 'failed' as const, detail: 'connect ECONNREFUSED 127.0.0.1:9' };
    expect(explainEnd(end, 'a.example', 'public', false)).toBe(
      'a.example cannot be reached (connect ECONNREFUSED 127.0.0.1:9).',
    );
  });
});

describe('waitAfter', () => {
  it('waits minutes after a refusal, no more than a minute otherwise', () => {
    for (let attempt = 0; attempt < 100; attempt += 1) {
      expect(waitAfter({ cause: 'refused', status: 401, detail: '' }, attempt)).toBeGreaterThan(120_000);
      expect(waitAfter({ cause: 'failed', detail: '' }, attempt)).toBeLessThanOrEqual(60_000);
    }
  });

  it('does as the server asks', () => {
    const end = { cause: 'refused' as const, status: 429, detail: '', retryAfterMs: 30_000 };
    expect(waitAfter(end, 1)).toBeGreaterThanOrEqual(30_000);
    expect(waitAfter(end, 1)).toBeLessThanOrEqual(31_000);
  });
});
