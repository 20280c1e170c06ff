import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { send, startHub, startSimulatorApp, temporaryFolder, until } from '../e2e/support/apps.ts';
import { storedPosts } from '../e2e/support/oracle.ts';
import { describeInChromium, launch, untilLive, visit } from './support/chromium.ts';
import { openTestStore, startGateway } from '../support/gateway.ts';
import { readList } from './support/read-list.ts';
import { add, post } from './support/store.ts';

jest.setTimeout(120_000);

/** Longer than any store keeps a post. */
const LONG_MS = 40_000 * 86_400_000;

const idsOf = async (page: Page) => (await readList(page)).map(({ id }) => id);

describeInChromium('a page that loses its hub', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());

  it('goes on after kill -9 with nothing lost or twice, and says so in one line', async () => {
    await using folder = await temporaryFolder();
    const simulator = await startSimulatorApp(folder.path, { SIMULATOR_RATE: '8' });
    const hub = await startHub(folder.path, { MASTODON_SERVER: simulator.url });
    const { page } = await visit(browser, hub.url);
    try {
      await untilLive(page);
      await until(
        () => page.locator('[data-post]').count(),
        (count) => count > 4,
        20_000,
      );
      const source = page.getByRole('listitem').filter({ hasText: new URL(simulator.url).host });
      await source.getByText(/\d posts/).waitFor();
      await hub.process.kill9();
      await page.getByText('Connecting again').waitFor();
      await hub.process.start();
      await page
        .getByRole('main')
        .getByText(/Connected again after .*nothing was missed/)
        .waitFor();
      await send(`${simulator.url}/simulator/pause`, 'POST');
      const settled = await until(
        async () => [[...(await storedPosts(hub.url)).values()].map(({ id }) => id), await idsOf(page)] as const,
        ([stored, onPage]) => stored.length === onPage.length,
        20_000,
      );
      const [stored, onPage] = settled;
      expect(new Set(onPage).size).toBe(onPage.length);
      expect(new Set(onPage)).toEqual(new Set(stored));
      expect(onPage.length).toBeGreaterThan(20);
      await simulator.process.kill9();
      await source.getByText('trying again').waitFor();
    } finally {
      await page.context().close();
      await hub.process.stop();
      await simulator.process.stop();
    }
  });

  it.each([
    ['Go on from the oldest kept', ['later', 'kept']],
    ['Start from now', ['later']],
  ])('that was away for too long is asked how to go on: %s', async (choice, expected) => {
    await using store = await openTestStore();
    await add(store, post(1, { text: 'kept' }));
    let hub = await startGateway(store);
    const { page } = await visit(browser, hub.url);
    try {
      await untilLive(page);
      await hub.stop();
      await add(store, post(2, { text: 'lost' }));
      await store.prune(new Date(Date.now() + LONG_MS));
      hub = await startGateway(store, {}, hub.port);
      await page.getByText('You were away for longer than the hub remembers').waitFor();
      await page.getByRole('button', { name: choice }).click();
      await untilLive(page);
      await add(store, post(3, { text: 'later' }));
      await page.getByText('later').waitFor();
      expect(await page.locator('.post-text').allTextContents()).toEqual(expected);
      expect(await page.getByText('You were away').count()).toBe(0);
    } finally {
      await page.context().close();
      await hub.stop();
    }
  });
});
