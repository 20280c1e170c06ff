import { afterAll, afterEach, beforeAll, beforeEach, expect, it, jest } from '@jest/globals';
import { aDelete } from '@hub/storage/testkit';
import type { Browser, Page } from 'playwright-core';
import { openTestStore, startGateway, type TestGateway } from '../support/gateway.ts';
import { describeInChromium, launch, untilLive, visit } from './support/chromium.ts';
import { readList, rowsOf, type Row } from './support/read-list.ts';
import { add, addMany, edit, post } from './support/store.ts';

jest.setTimeout(120_000);

const numberOf = ({ text }: Row) => /post (\d+)\./.exec(text)?.[1];
const shown = async (page: Page) => (await rowsOf(page)).map(numberOf);

describeInChromium('the feed in a browser', () => {
  let browser: Browser;
  let resources: AsyncDisposableStack;
  let hub: TestGateway;
  let page: Page;

  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    resources = new AsyncDisposableStack();
    hub = resources.use(await startGateway(resources.use(await openTestStore())));
  });
  afterEach(async () => {
    await page.context().close();
    await resources.disposeAsync();
  });

  async function open(path = '/'): Promise<void> {
    ({ page } = await visit(browser, hub.url + path));
    await untilLive(page);
  }

  it('shows stored posts, then new ones as they come, edits in place and deletions', async () => {
    await add(hub.store, post(1), post(2));
    await open();
    expect(await shown(page)).toEqual(['2', '1']);
    await add(hub.store, post(3));
    await page.getByText('post 3.').waitFor();
    await edit(hub.store, { ...post(1), content: '<p>changed 1</p>' });
    await page.getByText('changed 1').waitFor();
    expect(await page.locator('[data-index="2"]').textContent()).toMatch(/changed 1.*edited/s);
    await hub.store.apply([aDelete(post(2))]);
    await page.getByText('post 2.').waitFor({ state: 'detached' });
    expect(await shown(page)).toEqual(['3', undefined]);
  });

  it('lets new posts wait while one reads further down, and keeps its place', async () => {
    await addMany(hub.store, 1, 60);
    await open();
    await page.mouse.wheel(0, 2000);
    await page.waitForFunction(() => window.scrollY > 1500);
    const place = page.getByText('post 48.');
    await place.waitFor();
    const before = (await place.boundingBox())?.y;
    await addMany(hub.store, 61, 25);
    const button = page.getByRole('button', { name: '25 new posts' });
    await button.waitFor();
    await hub.store.apply([aDelete(post(60))]);
    await page.locator('[data-index="11"]', { hasText: 'post 48.' }).waitFor();
    expect(Math.abs(((await place.boundingBox())?.y ?? 0) - (before ?? 0))).toBeLessThan(3);
    await button.click();
    await page.getByText('post 85.').waitFor();
    await page.waitForFunction(() => window.scrollY === 0);
    expect((await shown(page)).slice(0, 3)).toEqual(['85', '84', '83']);
  });

  it('scrolls back to the first post there is, each once', async () => {
    await addMany(hub.store, 1, 200);
    await open();
    const numbers = (await readList(page)).map(numberOf);
    expect(numbers).toEqual(Array.from({ length: 200 }, (_, i) => String(200 - i)));
    await page.getByText('These are the oldest posts').waitFor();
  });

  it('lays a text out by its own script, not by that of a name at its beginning', async () => {
    const name =
      '<span class="h-card"><a href="https://a.example/@ada" class="u-url mention">@<span>ada</span></a></span>';
    await add(
      hub.store,
      { ...post(1), content: `<p>${name} صباح الخير</p>` },
      { ...post(2), content: `<p>${name} hi</p>` },
    );
    await open();
    const directions = page
      .locator('.post-text')
      .evaluateAll((all) => all.map((one) => getComputedStyle(one).direction));
    expect(await directions).toEqual(['ltr', 'rtl']);
  });

  it('pauses, and goes on with what came', async () => {
    await open();
    await page.getByText('No posts yet').waitFor();
    await page.keyboard.press('Space');
    await page.locator('[data-connection="paused"]').first().waitFor();
    await add(hub.store, post(1));
    await page.getByRole('button', { name: '1 new post' }).waitFor();
    expect(await shown(page)).toEqual([]);
    await page.keyboard.press('Space');
    await page.getByText('post 1.').waitFor();
  });

  it('filters stored and new posts by what the address says, and changes both with no reload', async () => {
    await add(hub.store, post(1, { language: 'de' }), post(2, { language: 'en' }));
    await open('/?language=de');
    expect(await shown(page)).toEqual(['1']);
    await page.evaluate(() => Object.assign(window, { isSame: true }));
    await page.getByRole('button', { name: 'Filters' }).click();
    await page.getByLabel('Languages').fill('en');
    await page.getByLabel('Languages').press('Enter');
    await page.getByText('post 2.').waitFor();
    expect(await shown(page)).toEqual(['2']);
    expect(new URL(page.url()).search).toBe('?language=en');
    await untilLive(page);
    await add(hub.store, post(3, { language: 'de' }), post(4, { language: 'en' }));
    await page.getByText('post 4.').waitFor();
    expect(await shown(page)).toEqual(['4', '2']);
    await page.goBack();
    await page.getByText('post 3.').waitFor();
    expect(await shown(page)).toEqual(['3', '1']);
    expect(await page.evaluate(() => 'isSame' in window)).toBe(true);
  });

  it('searches stored posts, and follows hashtags within the page', async () => {
    const tagged =
      '<p>post 2. <a href="https://a.example/tags/Cats" class="mention hashtag" rel="tag">#<span>Cats</span></a></p>';
    const tags = [{ name: 'Cats', url: 'https://a.example/tags/Cats' }];
    await add(hub.store, post(1, { text: 'post 1. zebra' }), post(2, { content: tagged, tags }), post(3));
    await open();
    await page.keyboard.press('/');
    await page.keyboard.type('zebra');
    await page.keyboard.press('Enter');
    await page.getByText('post 3.').waitFor({ state: 'detached' });
    expect(await shown(page)).toEqual(['1']);
    await page.getByRole('button', { name: 'Remove: “zebra”' }).click();
    await page.getByRole('link', { name: '#Cats' }).click();
    await page.getByText('post 3.').waitFor({ state: 'detached' });
    expect(await shown(page)).toEqual(['2']);
    expect(new URL(page.url()).search).toBe('?hashtag=Cats');
  });

  it('keeps views in this browser', async () => {
    await open('/?language=de');
    await page.getByRole('button', { name: 'Save this view' }).click();
    await page.getByRole('link', { name: 'All posts' }).click();
    await page.reload();
    await page.getByRole('link', { name: 'German' }).click();
    await page.waitForURL('**/?language=de');
    await page.getByRole('button', { name: 'Forget the view German' }).click();
    expect(await page.getByRole('link', { name: 'German' }).count()).toBe(0);
  });

  it('is read with the keyboard', async () => {
    await add(hub.store, post(1, { spoiler_text: 'Careful' }), post(2), post(3));
    await open();
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('data-index'));
    for (const [key, index] of [
      ['j', '0'],
      ['j', '1'],
      ['j', '2'],
      ['k', '1'],
      ['j', '2'],
    ] as const) {
      await page.keyboard.press(key);
      expect(await focused()).toBe(index);
    }
    expect(await page.getByText('post 1.').count()).toBe(0);
    await page.keyboard.press('x');
    await page.getByText('post 1.').waitFor();
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor({ state: 'detached' });
  });

  it('is the wall on a wall', async () => {
    await add(hub.store, post(1), post(2, { sensitive: true }));
    await open('/?view=wall');
    await page.getByText('post 1.').waitFor();
    expect(await page.getByText('post 2.').count()).toBe(0);
    await page.keyboard.press('Escape');
    await page.getByText('post 2.').waitFor();
  });
});
