import { useState } from 'react';

/** What was opened stays open when a post is scrolled out of the page and back in. Bounded. */
const opened = new Set<string>();
const MOST = 2000;

/** Whether a thing of that name is open, and the way to change it. */
export function useOpened(name: string): [boolean, (isOpen: boolean) => void] {
  const [isOpen, setOpen] = useState(() => opened.has(name));
  const change = (next: boolean) => {
    opened.delete(name);
    if (next) opened.add(name);
    for (const oldest of opened) {
      if (opened.size <= MOST) break;
      opened.delete(oldest);
    }
    setOpen(next);
  };
  return [isOpen, change];
}
