import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { aDelete, anUpsert } from '@hub/storage/testkit';
import { buildClientPackage, ROOT } from '../support/client-package.ts';
import { openTestStore, startGateway } from '../support/gateway.ts';
import { describeInChromium, launch, visit } from './support/chromium.ts';
import { add, post } from './support/store.ts';

jest.setTimeout(60_000);

describeInChromium('the example of a page without a bundler', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());

  it('shows live posts of a hub at another origin, and takes a filter', async () => {
    const script = readFileSync(join(buildClientPackage(), 'dist', 'browser.js'));
    const html = readFileSync(join(ROOT, 'examples', 'browser', 'index.html'));
    await using site = createServer(({ url = '' }, response) => {
      const [type, body] = url.startsWith('/browser.js') ? ['text/javascript', script] : ['text/html', html];
      response.setHeader('Content-Type', type).end(body);
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => site.once('listening', resolve));
    const origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
    await using store = await openTestStore();
    await using hub = await startGateway(store, { allowedOrigins: [origin] });

    const { page, errors } = await visit(browser, `${origin}/?hub=${encodeURIComponent(hub.url)}`);
    await page.getByText('live', { exact: true }).waitFor();
    await add(hub.store, post(1), post(2));
    await page.getByText('post 2.').waitFor();
    await hub.store.apply([aDelete(post(1))]);
    await page.getByText('post 1.').waitFor({ state: 'detached' });
    await page.getByLabel('Hashtag').fill('cats');
    await page.getByLabel('Hashtag').blur();
    await hub.store.apply([anUpsert({ ...post(3), hub: { ...post(3).hub, hashtags: ['cats'] } })]);
    await page.getByText('post 3.').waitFor();
    expect(errors).toEqual([]);
    await page.context().close();
  });
});
