import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Store } from '@hub/storage';
import { testContext, type ContractTests, type StoreFactory, type StoreSite } from './context.ts';
import { crashTests } from './crash.tests.ts';
import { feedTests } from './feed.tests.ts';
import { orderTests } from './order.tests.ts';
import { outcomeTests } from './outcome.tests.ts';
import { pageTests } from './page.tests.ts';
import { recordTests } from './record.tests.ts';
import { referenceTests } from './reference.tests.ts';
import { retentionTests } from './retention.tests.ts';

const GROUPS: Record<string, ContractTests> = {
  'applying changes': outcomeTests,
  'posts within posts': referenceTests,
  'any order of arrival': orderTests,
  'the feed': feedTests,
  pages: pageTests,
  retention: retentionTests,
  records: recordTests,
  crashes: crashTests,
};

const TIMEOUT_MS = 60_000;

/** What every store promises, as tests. A capability that a driver lacks is a test that states the reason. */
export function describeStorageContract(name: string, factory: StoreFactory): void {
  describe(`${name} keeps the promises of a store:`, () => {
    for (const [group, tests] of Object.entries(GROUPS)) describe(group, () => describeGroup(factory, tests));
  });
}

function describeGroup(factory: StoreFactory, tests: ContractTests): void {
  let shared: StoreSite | undefined;
  let store: Store | undefined;
  const single: StoreSite[] = [];
  const fresh = async () => {
    const site = await factory.create();
    single.push(site);
    return site;
  };
  beforeAll(async () => {
    shared = await factory.create();
    store = await shared.open();
  }, TIMEOUT_MS);
  afterEach(async () => void (await Promise.all(single.splice(0).map((site) => site.remove()))), TIMEOUT_MS);
  afterAll(async () => {
    await store?.close();
    await shared?.remove();
  }, TIMEOUT_MS);
  for (const [title, test] of Object.entries(tests)) {
    const { run, needs } = typeof test === 'function' ? { run: test, needs: undefined } : test;
    const reason = needs && factory.lacks?.[needs];
    const body = async () => {
      if (store === undefined) throw new Error('the store was not opened');
      await run(testContext(store, fresh));
    };
    if (reason === undefined) it(title, body, TIMEOUT_MS);
    else it(`does not claim that it ${title}: ${reason}`, () => expect(reason).not.toBe(''));
  }
}
