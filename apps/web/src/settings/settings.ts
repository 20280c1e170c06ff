import { Observable } from '../observable.ts';

/** How a person wants to see the page; kept in this browser. */
export interface Settings {
  theme: 'system' | 'light' | 'dark';
  density: 'comfortable' | 'compact';
  /** `none`: no picture, sound or film is fetched until asked for. */
  media: 'show' | 'none';
  motion: 'system' | 'reduced';
}

export interface SavedView {
  name: string;
  search: string;
}

const DEFAULTS: Settings = { theme: 'system', density: 'comfortable', media: 'show', motion: 'system' };

/** What was stored under a key, if it can be read: a browser may refuse, and people may write there what they like. */
function stored<T>(key: string, isGood: (value: unknown) => value is T): T | undefined {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(key) ?? 'null');
    return isGood(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function kept<T>(key: string, initial: T): Observable<T> {
  const observable = new Observable(initial);
  observable.listen(() => {
    try {
      localStorage.setItem(key, JSON.stringify(observable.value));
    } catch {
      // A browser that keeps nothing: then it is so until the page is left.
    }
  });
  return observable;
}

const isObject = (value: unknown): value is Partial<Settings> => typeof value === 'object' && value !== null;
const isViews = (value: unknown): value is SavedView[] =>
  Array.isArray(value) && value.every((view) => typeof view?.name === 'string' && typeof view?.search === 'string');

export const settings = kept<Settings>('hub.settings', { ...DEFAULTS, ...stored('hub.settings', isObject) });
export const savedViews = kept<readonly SavedView[]>('hub.views', stored('hub.views', isViews) ?? []);

export function change(part: Partial<Settings>): void {
  settings.set({ ...settings.value, ...part });
}

/** Puts the settings that style sheets read on the page, now and after each change. */
export function applySettings(root: HTMLElement): void {
  const apply = () => {
    const { theme, density, motion } = settings.value;
    Object.assign(root.dataset, { theme, density, motion });
  };
  settings.listen(apply);
  apply();
}

/** Whether things may move, by the page's setting and the system's. */
export function mayMove(): boolean {
  return settings.value.motion !== 'reduced' && !matchMedia('(prefers-reduced-motion: reduce)').matches;
}
