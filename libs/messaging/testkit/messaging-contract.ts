import { describe, expect, it } from '@jest/globals';
import { describeDelivery } from './delivery-contract.ts';
import type { MessagingDriver } from './driver.ts';
import { describeFailures } from './failure-contract.ts';
import { describeGroups } from './group-contract.ts';
import { describeOutage } from './outage-contract.ts';
import { setting } from './setting.ts';

/** The tests that every driver of the messaging port passes, against a real broker. */
export function describeMessagingContract(name: string, driver: MessagingDriver): void {
  describe(`messaging contract: ${name}`, () => {
    const at = setting(driver);
    describeDelivery(at, driver);
    describeFailures(at);
    describeGroups(at, driver);
    if (driver.lacks.broker_outage === undefined) describeOutage(at, driver);
    for (const [capability, reason] of Object.entries(driver.lacks)) {
      it(`does not claim ${capability}: ${reason}`, () => {
        process.stderr.write(`${name} does not claim ${capability}: ${reason}\n`);
        expect(reason.length).toBeGreaterThan(10);
      });
    }
  });
}
