import type { Gap, HubEvent, Post } from '@hub/client';
import { foldHashtag } from '@hub/contracts';
import pc from 'picocolors';

/** Whatever could steer a terminal or turn the reading direction around, but for line ends and tabs. */
const UNSAFE = /[[\p{Cc}\u202A-\u202E\u2066-\u2069]--[\n\t]]/gv;

type Colours = Pick<typeof pc, 'bold' | 'dim' | 'cyan' | 'green' | 'yellow' | 'red' | 'magenta'>;

/** An event as a block of text for people, ending with an empty line. */
export function render(event: HubEvent, colours: Colours = pc): string {
  switch (event.type) {
    case 'post':
      return renderPost(event.data, colours);
    case 'edit':
      return `${colours.yellow('edited')} ${renderPost(event.data, colours)}`;
    case 'delete':
      return `${colours.red('deleted')} ${colours.dim(plain(event.data.uri))}\n\n`;
    default:
      return renderGap(event.data, colours);
  }
}

function renderGap({ source, stream, from, to, reason, closed_at }: Gap, colours: Colours): string {
  const what = closed_at === undefined ? colours.red('not read') : colours.green('read after all');
  return `${what} ${plain(`${source} ${stream}, ${from} to ${to}: ${reason}`)}\n\n`;
}

function renderPost(post: Post, colours: Colours): string {
  const { bold, cyan, dim, green } = colours;
  const { account, hub } = post;
  const time = new Date(post.edited_at ?? post.created_at).toTimeString().slice(0, 8);
  const head = [dim(time), bold(plain(account.display_name || account.username)), cyan(`@${plain(account.acct)}`)];
  if (post.language !== null) head.push(green(plain(post.language)));
  head.push(dim(`via ${plain(hub.source)}`));
  return `${head.join(' ')}\n${body(post, colours).map(indent).join('\n')}\n\n`;
}

function body(post: Post, { cyan, dim, magenta, yellow }: Colours): string[] {
  const { hub } = post;
  const lines: string[] = [];
  if (post.reblog !== null) lines.push(dim(`boosts @${plain(post.reblog.account.acct)}`));
  if (post.spoiler_text !== '') lines.push(yellow(`CW: ${plain(post.spoiler_text)}`));
  if (hub.text !== '') lines.push(plain(hub.text).trimEnd());
  for (const { type, description } of post.media_attachments) {
    lines.push(magenta(`[${post.sensitive ? 'sensitive ' : ''}${type}] ${plain(description ?? '')}`.trimEnd()));
  }
  const text = foldHashtag(` ${hub.text}`);
  const tags = hub.hashtags.map((tag) => `#${tag}`).filter((tag) => !text.includes(tag));
  if (tags.length > 0) lines.push(cyan(plain(tags.join(' '))));
  lines.push(dim(plain(post.url ?? post.uri)));
  return lines;
}

function plain(text: string): string {
  return text.replace(UNSAFE, '');
}

function indent(text: string): string {
  return text.replace(/^/gm, '  ');
}
