import { existsSync } from 'node:fs';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { describeWith } from '../../servers/describe-with.ts';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', chromium.executablePath()];

/** Where Chromium is: HUB_TEST_CHROMIUM, the system's, or Playwright's own. */
const PROGRAM = (process.env['HUB_TEST_CHROMIUM'] || PLACES.find((place) => existsSync(place))) ?? 'chromium';

/** For a machine that has much else to do. */
const TIMEOUT_MS = 40_000;

export const VIEWPORTS = {
  desktop: { width: 1440, height: 900 },
  phone: { width: 390, height: 844 },
  wall: { width: 1600, height: 900 },
};

/** A suite in a real browser. Without one it is passed over loudly; in CI it fails. */
export function describeInChromium(name: string, suite: () => void): void {
  const hint = 'install Chromium, or name it in HUB_TEST_CHROMIUM';
  describeWith([PROGRAM, '--version'], `${hint}, to try the web client`, name, suite);
}

export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: PROGRAM, args: ['--no-sandbox', '--disable-gpu'] });
}

/** A page of its own, with what went wrong in it: errors of scripts, and what its policy forbade. */
export interface Visit {
  page: Page;
  errors: string[];
  violations: string[];
}

/** Opens a page as somebody who was never here. */
export async function visit(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Visit> {
  const context = await browser.newContext({
    viewport: VIEWPORTS.desktop,
    colorScheme: 'light',
    reducedMotion: 'reduce',
    ...options,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(TIMEOUT_MS);
  const visited: Visit = { page, errors: [], violations: [] };
  page.on('pageerror', (error) => visited.errors.push(String(error.stack)));
  page.on('console', (message) => {
    const text = message.text();
    if (message.type() !== 'error') return;
    if (text.includes('Content Security Policy')) visited.violations.push(text);
  });
  await page.goto(url);
  return visited;
}

/** Until the page is subscribed: what is stored from now on comes live. */
export async function untilLive(page: Page): Promise<void> {
  await page.locator('[data-connection="live"]').first().waitFor();
}
