import { describe, expect, it } from '@jest/globals';
import { PublicPost, type PostEvent } from '@hub/contracts/proto';
import { Blocklist } from './blocklist.ts';
import { gate } from './policy.ts';

const by = (acct: string, host: string, changes: Parameters<typeof PublicPost.fromPartial>[0] = {}) =>
  PublicPost.fromPartial({
    uri: `https://${host}/posts/1`,
    visibility: 'public',
    content: acct,
    account: { acct, url: `https://${host}/@x` },
    ...changes,
  });
const created = (post: PublicPost): PostEvent => ({
  source: 'a.example',
  localId: '1',
  observedAt: undefined,
  ingestSequence: 1,
  stream: '',
  event: { $case: 'created', value: { post } },
});

function listOf(...lines: string[]): Blocklist {
  const list = new Blocklist();
  expect(list.replace(lines.join('\n'))).toEqual([]);
  return list;
}

describe('Blocklist', () => {
  it.each([
    ['bad.example', by('ada@bad.example', 'bad.example'), 'blocked_domain'],
    ['Bad.Example', by('ada@deep.bad.example', 'deep.bad.example'), 'blocked_domain'],
    ['bad.example', by('ada', 'bad.example'), 'blocked_domain'],
    ['bad.example', by('ada@other.example', 'bad.example'), 'blocked_domain'],
    ['bad.example', by('ada@notbad.example', 'notbad.example'), undefined],
    ['@Ada@a.example', by('ada', 'a.example'), 'blocked_account'],
    ['ada@a.example', by('ADA@a.example', 'social.a.example'), 'blocked_account'],
    ['ada@a.example', by('bob@a.example', 'a.example'), undefined],
    ['https://a.example/posts/1', by('bob', 'a.example'), 'blocked_post'],
    ['https://a.example/posts/12', by('bob', 'a.example'), undefined],
  ] as const)('%s', (line, post, reason) => {
    expect(listOf(line).refusal(post)).toBe(reason);
  });

  it('passes over comments, and tells which lines are no entries', () => {
    const list = new Blocklist();
    expect(list.replace('# all\nbad.example  # spam\n\nno entry\nada@\njustaword\n')).toEqual([4, 5, 6]);
    expect(list.size).toBe(1);
    list.replace('');
    expect(list.size).toBe(0);
  });
});

describe('gate with a blocklist', () => {
  const list = listOf('bad.example');
  const blocked = by('ada@bad.example', 'bad.example', { content: 'SECRET' });
  const excluded = (post: PublicPost) => list.refusal(post);

  it('refuses their posts and boosts of them, whatever the consent, and takes quotes of them out', () => {
    for (const post of [blocked, by('bob', 'a.example', { reblog: blocked })]) {
      expect(gate(created(post), 'off', excluded)).toEqual({ pass: false, reason: 'blocked_domain' });
    }
    const quoting = by('bob', 'a.example', { quote: { state: 'accepted', quotedStatus: blocked } });
    const result = gate(created(quoting), 'off', excluded);
    expect(result.pass).toBe(true);
    expect(JSON.stringify(result)).not.toContain('SECRET');
  });
});
