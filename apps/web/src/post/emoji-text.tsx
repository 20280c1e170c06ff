import type { Post } from '@hub/client';
import { Fragment, type JSX, type ReactNode } from 'react';
import { mayMove, settings } from '../settings/settings.ts';
import { webUrl } from './web-url.ts';

type Emoji = Post['emojis'][number];

const SHORTCODE = /:([A-Za-z0-9_]+):/;

/** Text with its custom emoji as pictures. */
export function withEmoji(text: string, emojis: readonly Emoji[]): ReactNode {
  if (emojis.length === 0 || !text.includes(':')) return text;
  const parts = text.split(SHORTCODE);
  return parts.map((part, i) => (
    <Fragment key={i}>{i % 2 === 0 ? part : <CustomEmoji name={part} emojis={emojis} />}</Fragment>
  ));
}

function CustomEmoji({ name, emojis }: { name: string; emojis: readonly Emoji[] }): JSX.Element {
  const emoji = emojis.find(({ shortcode }) => shortcode === name);
  const url = webUrl(mayMove() ? emoji?.url : emoji?.static_url) ?? webUrl(emoji?.url);
  const words = `:${name}:`;
  if (url === undefined || settings.value.media === 'none') return <>{words}</>;
  return (
    <img className="custom-emoji" src={url} alt={words} title={words} loading="lazy" referrerPolicy="no-referrer" />
  );
}
