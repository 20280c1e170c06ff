import type { Post } from '@hub/client';
import { createElement, memo, type JSX, type ReactNode } from 'react';
import { addressOf } from '../location.ts';
import { withEmoji } from './emoji-text.tsx';
import { webUrl } from './web-url.ts';

/** What the hub lets through, and nothing else: https://docs.joinmastodon.org/spec/activitypub/#sanitization. */
const TAGS = new Set(
  'p br span a del s pre code em strong b i u ul ol li blockquote h1 h2 h3 h4 h5 h6 ruby rt rp'.split(' '),
);
const CLASSES = new Set(['mention', 'hashtag', 'ellipsis', 'invisible', 'quote-inline', 'u-url', 'h-card']);
/** The page has headings of its own. */
const HEADING = /^h[1-6]$/;

type Emojis = Post['emojis'];

function classesOf(element: Element): string | undefined {
  return [...element.classList].filter((name) => CLASSES.has(name)).join(' ') || undefined;
}

/** The tag that a link leads to, as Mastodon marks it. */
function hashtagOf(link: Element): string | undefined {
  if (!link.classList.contains('hashtag')) return undefined;
  return link.textContent.trim().replace(/^#/, '') || undefined;
}

/** Links go in their own direction: a text in Arabic that begins with a Latin name goes from the right all the same. */
function linkProps(link: Element): Record<string, string> {
  const hashtag = hashtagOf(link);
  if (hashtag !== undefined) return { dir: 'auto', href: addressOf({ hashtag: [hashtag] }), 'data-here': '' };
  const href = webUrl(link.getAttribute('href'));
  return href === undefined ? {} : { dir: 'auto', href, target: '_blank', rel: 'nofollow noopener noreferrer' };
}

function render(node: Node, key: number, emojis: Emojis): ReactNode {
  if (node.nodeType === Node.TEXT_NODE) return withEmoji(node.textContent ?? '', emojis);
  if (!(node instanceof Element)) return null;
  const name = node.localName;
  const children = Array.from(node.childNodes, (child, i) => render(child, i, emojis));
  if (!TAGS.has(name)) return children;
  const props = { key, className: classesOf(node), ...(name === 'a' && linkProps(node)) };
  const tag = HEADING.test(name) ? 'strong' : name;
  return tag === 'br' ? createElement(tag, { key }) : createElement(tag, props, ...children);
}

/**
 * Sanitised HTML, rebuilt from what it was parsed to: also HTML that a hub failed to sanitise could not run here.
 * Hashtags lead to the posts with them in this page, as in Mastodon's own.
 */
export const RichText = memo(function RichText({ html, emojis }: { html: string; emojis: Emojis }): JSX.Element {
  const { body } = new DOMParser().parseFromString(html, 'text/html');
  return <>{Array.from(body.childNodes, (node, i) => render(node, i, emojis))}</>;
});
