import { useEffect } from 'react';

/** Keys that go to the element in focus, not to the page. */
function isTaken(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return true;
  const { target } = event;
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest('input, textarea, select, [contenteditable], dialog') !== null) return true;
  return event.key === ' ' && target.closest('button, a, summary, video, audio') !== null;
}

/** Runs what a key stands for, unless somebody is writing. */
export function useKeys(actions: Readonly<Record<string, (event: KeyboardEvent) => void>>): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const action = actions[event.key];
      if (action === undefined || isTaken(event)) return;
      event.preventDefault();
      action(event);
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, [actions]);
}

/** The post in focus, or the first that is in sight. */
function present(): HTMLElement | undefined {
  const focused = document.activeElement?.closest<HTMLElement>('[data-post]');
  if (focused) return focused;
  const posts = [...document.querySelectorAll<HTMLElement>('[data-post]')];
  return posts
    .sort((a, b) => Number(a.dataset['index']) - Number(b.dataset['index']))
    .find((post) => post.getBoundingClientRect().bottom > 140);
}

/** Puts the focus on the post so many steps from the present one. */
export function stepToPost(step: 1 | -1): void {
  const from = present();
  if (from === undefined) return;
  const isFocused = from.contains(document.activeElement);
  const index = Number(from.dataset['index']) + (isFocused ? step : 0);
  const to = document.querySelector<HTMLElement>(`[data-index="${index}"]`);
  to?.focus({ preventScroll: true });
  to?.scrollIntoView({ block: 'nearest' });
}

/** Presses a thing within the present post. */
export function pressInPost(selector: string): void {
  present()?.querySelector<HTMLElement>(selector)?.click();
}
