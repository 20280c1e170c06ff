import type { Post } from '@hub/client';
import { useState, type JSX } from 'react';
import { useObservable } from '../observable.ts';
import { mayMove, settings } from '../settings/settings.ts';
import { Icon } from '../ui/icon.tsx';
import { useOpened } from '../ui/remembered.ts';
import { webUrl } from './web-url.ts';

type Media = Post['media_attachments'][number];

const KIND_WORDS = { image: 'Image', gifv: 'Animation', video: 'Video', audio: 'Audio', unknown: 'File' };

/** A picture, film or sound in its place; fetched from where the post keeps it, if pictures are wanted. */
export function MediaItem({ media }: { media: Media }): JSX.Element {
  const isWanted = useObservable(settings, ({ media }) => media === 'show');
  const [isAsked, setAsked] = useOpened(`media:${media.id}:${media.url}`);
  const [isBroken, setBroken] = useState(false);
  if (isBroken) return <Tile media={media} note="did not load" />;
  if (!isWanted && !isAsked) return <Tile media={media} note="load" onClick={() => setAsked(true)} />;
  return <Shown media={media} onError={() => setBroken(true)} />;
}

function Shown({ media, onError }: { media: Media; onError: () => void }): JSX.Element {
  const url = webUrl(media.url) ?? webUrl(media.remote_url);
  const preview = webUrl(media.preview_url) ?? webUrl(media.preview_remote_url);
  const words = media.description?.trim() ?? '';
  if (url === undefined) return <Tile media={media} note="not available" />;
  if (media.type === 'audio') {
    return (
      <audio
        className="w-full self-center p-3"
        controls
        preload="none"
        src={url}
        aria-label={words || 'Audio'}
        onError={onError}
      />
    );
  }
  if (media.type === 'video' || media.type === 'gifv') {
    const animation = media.type === 'gifv' ? { loop: true, muted: true, playsInline: true, autoPlay: mayMove() } : {};
    return (
      <video
        className="size-full object-cover"
        controls
        preload="none"
        src={url}
        poster={preview}
        aria-label={words || KIND_WORDS[media.type]}
        title={words}
        {...animation}
      />
    );
  }
  if (media.type === 'unknown') return <LinkTile media={media} url={url} />;
  return <Picture url={url} preview={preview ?? url} words={words} focus={media.meta?.focus} onError={onError} />;
}

interface PictureProps {
  url: string;
  preview: string;
  words: string;
  focus: { x: number; y: number } | undefined;
  onError: () => void;
}

function Picture({ url, preview, words, focus, onError }: PictureProps): JSX.Element {
  const position = `${50 + (focus?.x ?? 0) * 50}% ${50 - (focus?.y ?? 0) * 50}%`;
  return (
    <a
      href={url}
      target="_blank"
      rel="nofollow noopener noreferrer"
      className="relative block size-full"
      aria-label={words === '' ? 'Image without a description' : undefined}
    >
      <img
        className="size-full object-cover"
        style={{ objectPosition: position }}
        src={preview}
        alt={words}
        title={words}
        loading="lazy"
        decoding="async"
        referrerPolicy="no-referrer"
        onError={onError}
      />
      {words !== '' && (
        <span
          aria-hidden="true"
          className="absolute bottom-2 left-2 rounded-md bg-scrim px-1.5 text-xs font-bold text-[#fff]"
        >
          ALT
        </span>
      )}
    </a>
  );
}

const TILE = 'flex size-full flex-col items-center justify-center gap-1 p-4 text-center text-sm text-muted';

function TileWords({ media, note }: { media: Media; note: string }): JSX.Element {
  return (
    <>
      <span className="flex items-center gap-2 font-semibold">
        <Icon name="image" />
        {KIND_WORDS[media.type]}: {note}
      </span>
      <span dir="auto" className="line-clamp-3 max-w-prose">
        {media.description}
      </span>
    </>
  );
}

function Tile({ media, note, onClick }: { media: Media; note: string; onClick?: () => void }): JSX.Element {
  if (onClick === undefined) {
    return (
      <div className={TILE}>
        <TileWords media={media} note={note} />
      </div>
    );
  }
  return (
    <button type="button" className={`${TILE} hover:text-ink`} onClick={onClick}>
      <TileWords media={media} note={note} />
    </button>
  );
}

function LinkTile({ media, url }: { media: Media; url: string }): JSX.Element {
  return (
    <a className={`${TILE} underline`} href={url} target="_blank" rel="nofollow noopener noreferrer">
      <TileWords media={media} note="open" />
    </a>
  );
}
