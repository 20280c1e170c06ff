import type { Page } from 'playwright-core';

const STEP = 600;

export interface Row {
  index: number;
  id: string;
  text: string;
}

/** The posts that are in the page now, from the top. */
export async function rowsOf(page: Page): Promise<Row[]> {
  const rows = await page.locator('[data-post]').evaluateAll((posts) =>
    posts.map((post) => ({
      index: Number(post.getAttribute('data-index')),
      id: post.getAttribute('data-post') ?? '',
      text: post.textContent,
    })),
  );
  return rows.sort((a, b) => a.index - b.index);
}

/** Scrolls from the top of the list to its end; all posts, in their order. `look` is called at each step. */
export async function readList(page: Page, look: () => Promise<void> = () => Promise.resolve()): Promise<Row[]> {
  const found = new Map<number, Row>();
  for (let at = 0, height = 1; at <= height; at += STEP) {
    height = await page.evaluate(async (top) => {
      window.scrollTo({ top, behavior: 'instant' });
      for (let frames = 0; frames < 3; frames++) await new Promise((resolve) => requestAnimationFrame(resolve));
      return document.documentElement.scrollHeight;
    }, at);
    await look();
    for (const row of await rowsOf(page)) found.set(row.index, row);
    if (at + STEP > height && (await page.getByText('Older posts …').isVisible())) at -= STEP;
  }
  return [...found.values()].sort((a, b) => a.index - b.index);
}
