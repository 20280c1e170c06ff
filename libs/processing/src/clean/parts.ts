import { canonicalLanguage, MEDIA_KINDS } from '@hub/contracts';
import type { Attachment, AttachmentMeta, Card, Emoji, Mention, Poll, Tag } from '@hub/contracts/proto';
import { cleanText, isColour } from './text.ts';
import { webUrl } from './url.ts';

const SHORTCODE = /^[\p{L}\p{N}_-]{1,128}$/u;
const BLURHASH = /^[\w#$%*+,\-.:;=?@[\]^{|}~]{6,200}$/;
const KINDS: ReadonlySet<string> = new Set(MEDIA_KINDS);

/** Emoji without a picture are left out. */
export function cleanEmojis(emojis: Emoji[]): Emoji[] {
  return emojis.flatMap((emoji) => {
    const url = webUrl(emoji.url);
    if (url === '' || !SHORTCODE.test(emoji.shortcode)) return [];
    return [{ ...emoji, url, staticUrl: webUrl(emoji.staticUrl) || url, category: cleanText(emoji.category) }];
  });
}

export function cleanMentions(mentions: Mention[]): Mention[] {
  return mentions
    .filter(({ acct, username }) => acct !== '' || username !== '')
    .map((mention) => ({
      id: mention.id,
      username: cleanText(mention.username),
      acct: cleanText(mention.acct === '' ? mention.username : mention.acct),
      url: webUrl(mention.url),
    }));
}

export function cleanTags(tags: Tag[]): Tag[] {
  return tags
    .filter(({ name }) => name !== '')
    .map(({ name, url }) => ({ name: cleanText(name), url: webUrl(url), history: [] }));
}

export function cleanAttachments(attachments: Attachment[]): Attachment[] {
  return attachments.map((media) => ({
    ...media,
    type: KINDS.has(media.type) ? media.type : 'unknown',
    url: webUrl(media.url),
    remoteUrl: webUrl(media.remoteUrl),
    previewUrl: webUrl(media.previewUrl),
    previewRemoteUrl: webUrl(media.previewRemoteUrl),
    textUrl: '',
    description: cleanText(media.description),
    blurhash: cleanBlurhash(media.blurhash),
    meta: media.meta && cleanMeta(media.meta),
  }));
}

function cleanMeta({ colors, ...meta }: AttachmentMeta): AttachmentMeta {
  const valid = colors !== undefined && Object.values(colors).every(isColour);
  return { ...meta, colors: valid ? colors : undefined };
}

function cleanBlurhash(hash: string): string {
  return BLURHASH.test(hash) ? hash : '';
}

/** A preview card; none if it leads nowhere. Its `html` embeds other people's scripts: always empty. */
export function cleanCard(card: Card): Card | undefined {
  const url = webUrl(card.url);
  if (url === '') return undefined;
  return {
    ...card,
    url,
    title: cleanText(card.title),
    description: cleanText(card.description),
    type: /^[a-z_]{1,32}$/.test(card.type) ? card.type : 'link',
    image: webUrl(card.image),
    imageDescription: cleanText(card.imageDescription),
    authorName: cleanText(card.authorName),
    authorUrl: webUrl(card.authorUrl),
    providerName: cleanText(card.providerName),
    providerUrl: webUrl(card.providerUrl),
    html: '',
    blurhash: cleanBlurhash(card.blurhash),
    embedUrl: webUrl(card.embedUrl),
    language: canonicalLanguage(card.language) ?? '',
    authors: card.authors.map(({ name, url }) => ({ name: cleanText(name), url: webUrl(url) })),
  };
}

export function cleanPoll(poll: Poll): Poll {
  return {
    ...poll,
    options: poll.options.map((option) => ({ ...option, title: cleanText(option.title) })),
    emojis: cleanEmojis(poll.emojis),
    voted: false,
    ownVotes: [],
  };
}
