import { afterEach } from '@jest/globals';
import { act, type ReactNode } from 'react';
import { createRoot, type Root } from 'react-dom/client';

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

const roots = new Set<Root>();

afterEach(async () => {
  await act(async () => roots.forEach((root) => root.unmount()));
  roots.clear();
  document.body.replaceChildren();
});

/** Puts a part of the page into the document of a test, until its end. */
export async function render(part: ReactNode): Promise<HTMLElement> {
  const place = document.body.appendChild(document.createElement('div'));
  const root = createRoot(place);
  roots.add(root);
  await act(async () => root.render(part));
  return place;
}

/** Presses the button with these words. */
export async function press(place: HTMLElement, words: string): Promise<void> {
  const button = [...place.querySelectorAll('button')].find(({ textContent }) => textContent.includes(words));
  if (button === undefined) throw new Error(`There is no button «${words}» in ${place.innerHTML}`);
  await act(async () => button.click());
}
