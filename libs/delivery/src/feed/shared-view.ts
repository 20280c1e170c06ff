import type { Filter } from '@hub/contracts';
import { keyOf } from '../rooms/rooms.ts';
import type { FeedItem } from './feed-item.ts';
import { acceptsOf, view, viewOfRejected, type Accepts, type EventBytes } from './view.ts';

/** What readers of one filter are shown of a change, as `view` says. */
export type View = (item: FeedItem) => EventBytes | undefined;

/** Of so many changes it is remembered whether they are accepted: readers who keep up are no further apart. */
const REMEMBERED = 128;

const views = new Map<string, WeakRef<View>>();
const unused = new FinalizationRegistry<string>((key) => {
  if (views.get(key)?.deref() === undefined) views.delete(key);
});

/** The same for all whose filters say the same: a change is held against the filter once, not by each of its readers. */
export function sharedView(filter: Filter): View {
  const key = keyOf(filter);
  const known = views.get(key)?.deref();
  if (known !== undefined) return known;
  const accepts = acceptsOf(filter);
  const made = accepts === undefined ? viewOfAll : remembering(accepts);
  views.set(key, new WeakRef(made));
  unused.register(made, key);
  return made;
}

const viewOfAll: View = (item) => item;

/** Remembers numbers alone: what an item holds goes when the log lets it go. */
function remembering(accepts: Accepts): View {
  const numbers = new Float64Array(REMEMBERED);
  const accepted = new Uint8Array(REMEMBERED);
  return (item) => {
    const at = item.number % REMEMBERED;
    if (numbers[at] === item.number) return accepted[at] === 1 ? item : viewOfRejected(item);
    const event = view(item, accepts);
    numbers[at] = item.number;
    accepted[at] = event === item ? 1 : 0;
    return event;
  };
}
