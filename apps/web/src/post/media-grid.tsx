import type { Post } from '@hub/client';
import type { JSX } from 'react';
import { Icon } from '../ui/icon.tsx';
import { useOpened } from '../ui/remembered.ts';
import { MediaItem } from './media-item.tsx';

type Media = Post['media_attachments'][number];

const MOST = 4;
const LOOK = 'relative max-h-[26rem] w-full overflow-hidden rounded-2xl border border-line bg-raised';
const ARRANGED: Record<number, string> = {
  2: 'grid-cols-2',
  3: 'grid-cols-2 [&>:first-child]:row-span-2',
  4: 'grid-cols-2 grid-rows-2',
};

/** Width over height of the whole: that of a single picture within limits, so that nothing jumps when it has loaded. */
function shapeOf(media: readonly Media[]): string {
  const [only] = media;
  if (media.length > 1) return '16 / 10';
  if (only?.type === 'audio') return 'auto';
  const size = only?.meta?.original ?? only?.meta?.small;
  const aspect = size?.aspect ?? (size?.width && size.height ? size.width / size.height : 16 / 10);
  return String(Math.min(2.2, Math.max(1, aspect)));
}

function Covered({ onOpen }: { onOpen: () => void }): JSX.Element {
  return (
    <button
      type="button"
      data-cover=""
      className={`${LOOK} flex flex-col items-center justify-center gap-1 p-4 text-muted hover:text-ink`}
      style={{ aspectRatio: '16 / 5' }}
      onClick={onOpen}
    >
      <Icon name="eye" className="size-6" />
      <span className="font-bold">Sensitive content</span>
      <span className="text-sm">Click to show</span>
    </button>
  );
}

interface MediaGridProps {
  id: string;
  media: readonly Media[];
  isSensitive: boolean;
}

/** The attachments of a post; sensitive ones are not even fetched until asked for. */
export function MediaGrid({ id, media, isSensitive }: MediaGridProps): JSX.Element {
  const [isOpen, setOpen] = useOpened(`media:${id}`);
  if (isSensitive && !isOpen) return <Covered onOpen={() => setOpen(true)} />;
  const shown = media.slice(0, MOST);
  return (
    <div className={`${LOOK} grid gap-0.5 ${ARRANGED[shown.length] ?? ''}`} style={{ aspectRatio: shapeOf(media) }}>
      {shown.map((item) => (
        <div key={item.id} className="grid min-h-0 min-w-0">
          <MediaItem media={item} />
        </div>
      ))}
      {media.length > MOST && (
        <span className="absolute right-2 bottom-2 rounded-md bg-scrim px-2 text-sm font-bold text-[#fff]">
          +{media.length - MOST}
        </span>
      )}
    </div>
  );
}
