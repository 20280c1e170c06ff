import { describe, expect, it } from '@jest/globals';
import { consuming, keys } from './consuming.ts';
import type { MessagingDriver } from './driver.ts';
import { message, messages } from './messages.ts';
import type { Setting } from './setting.ts';

/** Groups, their members, and what is left when one of them is killed. */
export function describeGroups(at: Setting, driver: MessagingDriver): void {
  describe('groups', () => {
    it('give every group all messages', async () => {
      const client = await at.connect();
      await client.publisher(at.topic).publish(messages(50));
      const both = ['g', 'h'].map((group) => consuming(at.subscribe(client, { group })));
      await Promise.all(both.map((one) => one.until(() => one.handled.length >= 50)));
      await Promise.all(both.map((one) => one.stop()));
      for (const one of both) expect(keys(one.handled).sort()).toEqual(keys(messages(50)).sort());
    });

    it('share among their members, and one goes on when another leaves', async () => {
      const clients = [await at.connect(), await at.connect()];
      const members = clients.map((client) => consuming(at.subscribe(client)));
      const publisher = (await at.connect()).publisher(at.topic);
      const handled = () => new Set(members.flatMap((member) => keys(member.handled)));
      const [first, second] = members;
      const anyTells = (condition: () => boolean) => Promise.any(members.map((member) => member.until(condition)));
      await publisher.publish(messages(20, 'a'));
      await anyTells(() => handled().size === 20);
      const busy = first?.handled.length === 0 ? second : first;
      await busy?.stop();
      await publisher.publish(messages(20, 'b'));
      const other = busy === first ? second : first;
      await other?.until(() => handled().size === 40);
      await other?.stop();
      // Nobody crashed: nothing came twice.
      expect(members.flatMap((member) => keys(member.handled))).toHaveLength(40);
    }, 30_000);

    it(
      'redeliver the batch in hand of a member that was killed, and not what it had consumed long before',
      async () => {
        const client = await at.connect();
        const publisher = client.publisher(at.topic);
        await publisher.publish(messages(20, 'early'));
        const child = at.spawn({ does: 'consume', topic: at.topic, group: 'g', maxMessages: 10, hangAfter: 20 });
        await child.until((words) => words.flatMap((word) => ('handled' in word ? word.handled : [])).length === 20);
        const subscription = at.subscribe(client);
        await publisher.publish(messages(30, 'late'));
        await child.until((words) => words.some((word) => 'hangsWith' in word));
        const inHand = child.words.flatMap((word) => ('hangsWith' in word ? word.hangsWith : []));
        expect(inHand.length).toBeGreaterThan(0);
        const heir = consuming(subscription);
        await child.kill();
        await heir.until(() => new Set(keys(heir.handled).filter((key) => key.startsWith('late'))).size === 30);
        await heir.stop();
        expect(keys(heir.handled)).toEqual(expect.arrayContaining(inHand));
        // The last batch before may come again, if the kill was faster than its commit.
        expect(keys(heir.handled).filter((key) => key.startsWith('early')).length).toBeLessThanOrEqual(10);
        expect(await subscription.lag()).toBe(0);
      },
      20_000 + driver.handOverMs,
    );
  });

  describe('acknowledgement', () => {
    it(
      'means that the message outlives a kill of its publisher',
      async () => {
        const child = at.spawn({ does: 'publish', topic: at.topic });
        await child.until((words) => words.length >= 50);
        await child.kill();
        const acknowledged = child.words.flatMap((word) => ('acknowledged' in word ? [word.acknowledged] : []));
        const client = await at.connect();
        const consumer = consuming(at.subscribe(client));
        await client.publisher(at.topic).publish([message('last')]);
        await consumer.until(() => keys(consumer.handled).includes('last'));
        await consumer.until(() => acknowledged.every((key) => keys(consumer.handled).includes(key)));
        await consumer.stop();
      },
      20_000 + driver.handOverMs,
    );
  });
}
