import { describe, expect, it } from '@jest/globals';
import { Membership } from './membership.ts';

describe('Membership', () => {
  it('ends when it is lost, with the reason, and with its session without one', () => {
    const session = new AbortController();
    const [lost, ended] = [new Membership(session.signal), new Membership(session.signal)];
    const reason = new Error('rebalance');
    lost.lose(reason);
    expect([lost.signal.aborted, lost.lostBy]).toEqual([true, reason]);
    expect(ended.signal.aborted).toBe(false);
    session.abort();
    expect([ended.signal.aborted, ended.lostBy]).toEqual([true, undefined]);
  });

  it('sees what is missing between one batch of a partition and the next', () => {
    const membership = new Membership(new AbortController().signal);
    expect(membership.missingBefore(0, '100')).toBe(0);
    membership.passed(0, '109');
    expect(membership.missingBefore(0, '110')).toBe(0);
    expect(membership.missingBefore(0, '115')).toBe(5);
    expect(membership.missingBefore(0, '100')).toBe(0);
    expect(membership.missingBefore(1, '500')).toBe(0);
  });
});
