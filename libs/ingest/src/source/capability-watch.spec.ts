import { describe, expect, it } from '@jest/globals';
import { startRig, type Rig } from '../testkit/rig.ts';
import { CapabilityWatch } from './capability-watch.ts';
import type { Finding, Subject } from './capability.ts';

const signal = AbortSignal.timeout(60_000);
const access = (local: string, remote = local) => ({
  configuration: { urls: { streaming: 'wss://s.example' }, timelines_access: { live_feeds: { local, remote } } },
});

function watch(rig: Rig, subject: Partial<Subject> = {}): { capability: CapabilityWatch; found: Finding[] } {
  const found: Finding[] = [];
  const whole = { source: 'a.example', stream: 'public' as const, hasToken: false, ...subject };
  return { capability: new CapabilityWatch(rig.api, whole, (finding) => found.push(finding)), found };
}

const names = (found: readonly Finding[]) => found.map(({ capability }) => capability);

describe('CapabilityWatch', () => {
  it.each([
    ['public', access('public'), false, 'ok'],
    ['public', access('authenticated'), false, 'needs_token'],
    ['public', access('authenticated'), true, 'ok'],
    ['public', access('disabled'), true, 'feeds_disabled'],
    ['public', access('public', 'disabled'), false, 'ok'],
    ['public:remote', access('public', 'disabled'), false, 'feeds_disabled'],
    ['public:local', access('public', 'disabled'), false, 'ok'],
  ] as const)('judges %s by %j (token: %s) as %s', async (stream, body, hasToken, expected) => {
    await using rig = await startRig();
    rig.server.answer = () => ({ body });
    const { capability, found } = watch(rig, { stream, hasToken });
    expect(await capability.look(signal)).toBe('wss://s.example');
    expect(names(found)).toEqual([expected]);
  });

  it('takes an open stream for good where the server says nothing, and hears what a refusal says', async () => {
    await using rig = await startRig();
    rig.server.answer = () => ({ body: {} });
    const { capability, found } = watch(rig);
    await capability.look(signal);
    capability.ended({ cause: 'failed', detail: 'ECONNREFUSED' });
    capability.ended({ cause: 'refused', status: 401, detail: '' });
    capability.ended({ cause: 'closed', detail: '' });
    capability.opened();
    capability.opened();
    expect(names(found)).toEqual(['unreachable', 'needs_token', 'ok']);
  });

  it('names a stream that brings only deletions, until a post comes', async () => {
    await using rig = await startRig();
    rig.server.answer = () => ({ body: access('public') });
    const { capability, found } = watch(rig);
    await capability.look(signal);
    capability.opened();
    const begun = Date.now();
    for (let i = 0; i < 20; i += 1) capability.sawDeletion(begun);
    await capability.tend(begun + 59_000, signal);
    expect(names(found)).toEqual(['ok']);
    await capability.tend(begun + 60_000, signal);
    expect(names(found)).toEqual(['ok', 'deletes_only']);
    expect(found.at(-1)?.words).toContain('20 deletions and no post for 60 s');
    // Its own word does not count against what is seen.
    await capability.look(signal);
    capability.opened();
    expect(names(found)).toHaveLength(2);
    capability.sawPost();
    expect(names(found)).toEqual(['ok', 'deletes_only', 'ok']);
  });

  it('keeps to the word of a server that has switched its feeds off', async () => {
    await using rig = await startRig();
    rig.server.answer = () => ({ body: access('disabled') });
    const { capability, found } = watch(rig);
    await capability.look(signal);
    capability.opened();
    for (let i = 0; i < 20; i += 1) capability.sawDeletion(Date.now());
    await capability.tend(Date.now() + 60_000, signal);
    expect(names(found)).toEqual(['feeds_disabled']);
  });

  it('asks again every hour, also whether the token still holds', async () => {
    await using rig = await startRig();
    rig.server.answer = () => ({ body: access('authenticated') });
    const { capability, found } = watch(rig, { hasToken: true });
    await capability.look(signal);
    const begun = Date.now();
    await capability.tend(begun + 3_500_000, signal);
    expect(rig.server.asked).toHaveLength(1);
    rig.server.answer = ({ pathname }) =>
      pathname.endsWith('verify_credentials') ? { status: 401 } : { body: access('authenticated') };
    await capability.tend(begun + 3_601_000, signal);
    expect(names(found)).toEqual(['ok', 'token_refused']);
  });
});
