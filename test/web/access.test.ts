import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, jest } from '@jest/globals';
import axe from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { openTestStore, startGateway, type TestGateway } from '../support/gateway.ts';
import { describeInChromium, launch, untilLive, visit, VIEWPORTS } from './support/chromium.ts';
import { add, post } from './support/store.ts';

jest.setTimeout(120_000);

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

interface AxeResults {
  violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[];
}

/** What axe finds wrong by WCAG 2.2 AA, in a page that stands still. */
async function faults(page: Page): Promise<string[]> {
  // The debugger's way in: the page's own policy lets no script in.
  const client = await page.context().newCDPSession(page);
  const run = async (expression: string) =>
    (await client.send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true })).result
      .value as unknown;
  await run(axe.source);
  const found = (await run(`axe.run({ runOnly: ${JSON.stringify(TAGS)} })`)) as AxeResults;
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.html} ${node.failureSummary ?? ''}`),
  );
}

const PICTURE = {
  id: 'm',
  type: 'image' as const,
  url: 'https://files.example/a.png',
  preview_url: null,
  remote_url: null,
  preview_remote_url: null,
  description: null,
  blurhash: null,
  meta: null,
};

/** One of each kind. */
const KINDS = [
  post(1, { spoiler_text: 'Careful' }),
  post(2, { sensitive: true, media_attachments: [PICTURE] }),
  post(3, { media_attachments: [{ ...PICTURE, description: 'A heron' }, PICTURE] }),
  post(4, { language: 'ar', text: 'صباح الخير', account: { display_name: 'ليلى' } }),
  post(5, { language: 'ja', text: '猫がいます', account: { bot: true } }),
  post(6, { edited_at: new Date().toISOString(), content: '<p>See <a href="https://a.example">this</a></p>' }),
  post(7, {
    poll: {
      id: '1',
      expires_at: null,
      expired: false,
      multiple: false,
      votes_count: 4,
      voters_count: 4,
      emojis: [],
      options: [
        { title: 'Tea', votes_count: 3 },
        { title: 'Coffee', votes_count: 1 },
      ],
    },
  }),
];

describeInChromium('the page for everybody', () => {
  let browser: Browser;
  let resources: AsyncDisposableStack;
  let hub: TestGateway;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    resources = new AsyncDisposableStack();
    hub = resources.use(await startGateway(resources.use(await openTestStore())));
  });
  afterEach(() => resources.disposeAsync());

  const LOOKS: [string, string, BrowserContextOptions, string | undefined][] = [
    ['light', '/', { colorScheme: 'light' }, undefined],
    ['dark', '/', { colorScheme: 'dark' }, undefined],
    ['on a phone', '/?language=en', { viewport: VIEWPORTS.phone, hasTouch: true }, 'Pulse'],
    ['on a wall', '/?view=wall', { colorScheme: 'dark', viewport: VIEWPORTS.wall }, undefined],
    ['with its filters', '/?hashtag=none&bot=false', {}, 'Filters'],
    ['with its keys', '/', { colorScheme: 'dark' }, 'Keys'],
  ];
  it.each(LOOKS)('has no fault by WCAG 2.2 AA: %s', async (_, path, options, open) => {
    await add(hub.store, ...KINDS);
    const { page, errors } = await visit(browser, hub.url + path, options);
    await untilLive(page);
    if (open !== undefined) await page.getByRole('button', { name: open }).click();
    expect(await faults(page)).toEqual([]);
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it('asks for a key where the hub does', async () => {
    const sha256 = createHash('sha256').update('let-me-in').digest('hex');
    await hub.stop();
    hub = resources.use(
      await startGateway(hub.store, { access: { mode: 'token', apiKeys: [{ name: 'me', sha256 }] } }),
    );
    await add(hub.store, post(1));
    const { page } = await visit(browser, hub.url);
    await page.getByText('This hub is not open to everyone').waitFor();
    expect(await faults(page)).toEqual([]);
    await page.getByLabel('Your key or token').fill('let-me-in');
    await page.getByRole('button', { name: 'Enter' }).click();
    await untilLive(page);
    await page.getByText('post 1.').waitFor();
    await page.context().close();
  });

  it('stands without a network, and says so', async () => {
    await add(hub.store, post(1));
    const { page } = await visit(browser, hub.url);
    await untilLive(page);
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await page.context().setOffline(true);
    await page.reload();
    await page.getByText('You are offline').first().waitFor();
    expect(await faults(page)).toEqual([]);
    await page.context().setOffline(false);
    await page.getByText('post 1.').waitFor();
    await page.context().close();
  });

  it('loads no picture of others where none are wanted', async () => {
    await add(
      hub.store,
      post(1, {
        media_attachments: [{ ...PICTURE, description: 'A heron' }],
        account: { avatar_static: 'https://files.example/me.png' },
      }),
    );
    const { page } = await visit(browser, hub.url);
    await untilLive(page);
    await page.locator('summary', { hasText: 'Display' }).click();
    await page.getByText('Load none').click();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).host));
    await page.reload();
    await untilLive(page);
    await page.getByText('A heron').waitFor();
    expect(asked.filter((host) => host !== new URL(hub.url).host)).toEqual([]);
    await page.context().close();
  });
});
