import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { send, startHub, startSimulatorApp, temporaryFolder } from '../e2e/support/apps.ts';
import { openTestStore, startGateway } from '../support/gateway.ts';
import { describeInChromium, launch, untilLive, visit } from './support/chromium.ts';
import { readList } from './support/read-list.ts';
import { add, post } from './support/store.ts';

jest.setTimeout(120_000);

/** Names whatever of an attack is in the document: elements, handlers and addresses that no post may bring. */
function findings(page: Page): Promise<string[]> {
  return page.locator('[role="feed"]').evaluate((feed) => {
    const found: string[] = [];
    for (const element of feed.querySelectorAll('*')) {
      if (/^(script|iframe|object|embed|form|base|meta|link|style|foreignobject|math)$/i.test(element.localName))
        found.push(element.localName);
      for (const { name, value } of element.attributes) {
        const isAddress = ['href', 'src', 'action', 'xlink:href', 'formaction'].includes(name);
        if (name.startsWith('on') || name === 'srcdoc' || (isAddress && !/^(https?:|\?|\.)/i.test(value)))
          found.push(`${name}=${value}`);
      }
    }
    return found;
  });
}

/** Scrolls through the list, so that each post was in the page; how many there are. */
async function readAll(page: Page): Promise<number> {
  const found: string[] = [];
  const rows = await readList(page, async () => void found.push(...(await findings(page))));
  expect(found).toEqual([]);
  return rows.length;
}

describeInChromium('what a hostile post can do in a browser', () => {
  let browser: Browser;
  let corpus: string[];
  beforeAll(async () => {
    browser = await launch();
    const kinds = JSON.parse(await readFile('test/fixtures/xss/corpus.json', 'utf8')) as Record<string, string[]>;
    corpus = Object.values(kinds).flat();
  });
  afterAll(() => browser.close());

  /** Whoever runs a script of a post calls one of these. */
  async function watch(page: Page): Promise<string[]> {
    const ran: string[] = [];
    page.on('dialog', (dialog) => {
      ran.push(dialog.message());
      void dialog.dismiss();
    });
    page.on('request', (request) => /evil\.example/.test(request.url()) && ran.push(request.url()));
    return ran;
  }

  it('is nothing, as the hub serves it', async () => {
    await using folder = await temporaryFolder();
    const simulator = await startSimulatorApp(folder.path, { SIMULATOR_RATE: '0' });
    const hub = await startHub(folder.path, { MASTODON_SERVER: simulator.url });
    const { page, errors, violations } = await visit(browser, hub.url);
    try {
      const ran = await watch(page);
      await untilLive(page);
      for (const content of corpus) {
        const status = { content, spoiler_text: '', sensitive: false };
        await send(`${simulator.url}/simulator/emit`, 'POST', { kind: 'post', status });
      }
      const end = { content: '<p>the end of it</p>', spoiler_text: '' };
      await send(`${simulator.url}/simulator/emit`, 'POST', { kind: 'post', status: end });
      await page.getByText('the end of it').waitFor();
      expect(await readAll(page)).toBeGreaterThan(corpus.length / 2);
      expect({ ran, errors, violations }).toEqual({ ran: [], errors: [], violations: [] });
    } finally {
      await page.context().close();
      await hub.process.stop();
      await simulator.process.stop();
    }
  });

  it('is nothing either, had the hub not sanitised it', async () => {
    await using store = await openTestStore();
    await using hub = await startGateway(store);
    await add(
      store,
      ...corpus.map((attack, i) =>
        post(i, {
          content: attack,
          spoiler_text: i % 5 === 0 ? attack : '',
          url: i % 3 === 0 ? 'javascript:alert(1)' : null,
          uri: i % 3 === 0 ? `javascript:alert(${i})` : `https://a.example/${i}`,
          account: { display_name: attack, url: 'javascript:alert(2)', avatar_static: 'javascript:alert(3)' },
        }),
      ),
    );
    const { page, errors } = await visit(browser, hub.url);
    const ran = await watch(page);
    await untilLive(page);
    expect(await readAll(page)).toBe(corpus.length);
    // The browser's parser reports to the policy what it read and threw away: that says nothing.
    expect({ ran, errors }).toEqual({ ran: [], errors: [] });
    await page.context().close();
  });

  it('would be stopped by the policy of the page besides', async () => {
    await using store = await openTestStore();
    await using hub = await startGateway(store);
    const { page, violations } = await visit(browser, hub.url);
    const policy = (await fetch(hub.url)).headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|\*|script-src[^;]*(data|blob|http)/);
    await page.evaluate(() => {
      document.body.insertAdjacentHTML(
        'beforeend',
        '<img src="data:," onerror="window.hit = 1"><p style="color: red">x</p>',
      );
      const script = document.createElement('script');
      script.textContent = 'window.hit = 2';
      document.body.append(script);
    });
    expect(await page.evaluate(() => 'hit' in window)).toBe(false);
    expect(violations.length).toBeGreaterThan(1);
    await page.context().close();
  });
});
