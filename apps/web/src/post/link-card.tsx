import type { Post } from '@hub/client';
import type { JSX } from 'react';
import { useObservable } from '../observable.ts';
import { settings } from '../settings/settings.ts';
import { webUrl } from './web-url.ts';

/** What a link leads to. */
export function LinkCard({
  card,
  hasImage,
}: {
  card: NonNullable<Post['card']>;
  hasImage: boolean;
}): JSX.Element | null {
  const isShown = useObservable(settings, ({ media }) => media === 'show');
  const url = webUrl(card.url);
  if (url === undefined) return null;
  const image = isShown && hasImage ? webUrl(card.image) : undefined;
  return (
    <a
      href={url}
      target="_blank"
      rel="nofollow noopener noreferrer"
      className="flex overflow-hidden rounded-2xl border border-line bg-raised transition-colors hover:border-strong"
    >
      {image !== undefined && (
        <img
          className="w-28 shrink-0 object-cover"
          src={image}
          alt={card.image_description}
          loading="lazy"
          decoding="async"
          referrerPolicy="no-referrer"
        />
      )}
      <span dir="auto" className="grid min-w-0 gap-0.5 px-4 py-3">
        <span className="truncate text-sm text-muted">{card.provider_name || new URL(url).host}</span>
        <span className="line-clamp-2 font-bold">{card.title || url}</span>
        {card.description !== '' && <span className="line-clamp-2 text-sm text-muted">{card.description}</span>}
      </span>
    </a>
  );
}
