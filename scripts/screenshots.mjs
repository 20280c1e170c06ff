// npm run screenshots: pictures of the present build for the README, taken of a hub that reads its own simulator.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { ensureBuilt, entryOf } from './ensure-built.mjs';
import { ensureInstalled, environment, nodeBinary, root } from './ensure-installed.mjs';

ensureInstalled();
ensureBuilt('hub', 'web');
const { chromium } = await import('playwright-core');

const FOLDER = join(root, 'docs', 'screenshots');
/** So that the charts have something to show. */
const WATCHED_MS = 50_000;
const DESKTOP = { viewport: { width: 1440, height: 900 } };
const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };
const SHOTS = [
  { name: 'desktop', look: { ...DESKTOP, colorScheme: 'light' }, path: '/', prepare: closeFirstSteps },
  { name: 'dark', look: { ...DESKTOP, colorScheme: 'dark' }, path: '/?bot=false&media=true', prepare: openFilters },
  {
    name: 'wall',
    look: { viewport: { width: 1600, height: 900 }, colorScheme: 'dark' },
    path: '/?view=wall&language=en',
  },
  { name: 'phone', look: { ...PHONE, colorScheme: 'light' }, path: '/', prepare: closeFirstSteps },
];

async function closeFirstSteps(page) {
  await page.getByRole('complementary', { name: 'First steps' }).getByRole('button').click();
}

async function openFilters(page) {
  await closeFirstSteps(page);
  await page.getByRole('button', { name: 'Filters' }).click();
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  await once(server.close(), 'close');
  return port;
}

async function untilReady(url) {
  for (let left = 100; left > 0; left--) {
    const isReady = await fetch(`${url}/health/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isReady) return;
    await sleep(300);
  }
  throw new Error(`The hub at ${url} does not get ready.`);
}

async function take(browser, url, { name, look, path, prepare }) {
  const page = await browser.newPage(look);
  await page.goto(url + path);
  await page.locator('[data-connection="live"]').first().waitFor();
  await sleep(WATCHED_MS);
  await prepare?.(page);
  await page.mouse.move(0, 0);
  await sleep(1500);
  await page.screenshot({ path: join(FOLDER, `${name}.png`) });
  console.log(`docs/screenshots/${name}.png`);
}

const places = [
  process.env.HUB_TEST_CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];
const executablePath = places.find((place) => place && existsSync(place)) ?? chromium.executablePath();
const data = mkdtempSync(join(tmpdir(), 'hub-screenshots-'));
const port = String(await freePort());
const hub = spawn(nodeBinary(), [entryOf('hub')], {
  cwd: data,
  stdio: ['ignore', 'ignore', 'inherit'],
  env: {
    ...environment(),
    API_GATEWAY_SERVER_PORT: port,
    SERVICE_PORT: String(await freePort()),
    DATA_DIR: data,
    MASTODON_SERVER: '',
    MASTODON_SOURCES: '',
    SIMULATOR_RATE: '3',
  },
});
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
try {
  const url = `http://localhost:${port}`;
  await untilReady(url);
  mkdirSync(FOLDER, { recursive: true });
  await Promise.all(SHOTS.map((shot) => take(browser, url, shot)));
} finally {
  await browser.close();
  hub.kill('SIGTERM');
  await once(hub, 'exit');
  rmSync(data, { recursive: true });
}
