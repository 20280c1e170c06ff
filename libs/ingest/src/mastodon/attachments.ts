import type { Attachment, AttachmentMeta, AttachmentSize, Card, Poll } from '@hub/contracts/proto';
import { toEmojis } from './account.ts';
import { flag, integer, list, nested, optionalInteger, real, text, time, type JsonObject } from './json.ts';

export function toAttachment(json: JsonObject): Attachment {
  return {
    id: text(json, 'id'),
    type: text(json, 'type'),
    url: text(json, 'url'),
    remoteUrl: text(json, 'remote_url'),
    previewUrl: text(json, 'preview_url'),
    textUrl: text(json, 'text_url'),
    description: text(json, 'description'),
    meta: nested(json, 'meta', toMeta),
    blurhash: text(json, 'blurhash'),
    previewRemoteUrl: text(json, 'preview_remote_url'),
  };
}

function toMeta(json: JsonObject): AttachmentMeta {
  return {
    original: nested(json, 'original', toSize),
    small: nested(json, 'small', toSize),
    focus: nested(json, 'focus', (focus) => ({ x: real(focus, 'x'), y: real(focus, 'y') })),
    colors: nested(json, 'colors', (colors) => ({
      background: text(colors, 'background'),
      foreground: text(colors, 'foreground'),
      accent: text(colors, 'accent'),
    })),
  };
}

function toSize(json: JsonObject): AttachmentSize {
  return {
    width: integer(json, 'width'),
    height: integer(json, 'height'),
    size: text(json, 'size'),
    aspect: real(json, 'aspect'),
    frameRate: text(json, 'frame_rate'),
    duration: real(json, 'duration'),
    bitrate: integer(json, 'bitrate'),
  };
}

export function toCard(json: JsonObject): Card {
  return {
    url: text(json, 'url'),
    title: text(json, 'title'),
    description: text(json, 'description'),
    image: text(json, 'image'),
    type: text(json, 'type'),
    authorName: text(json, 'author_name'),
    authorUrl: text(json, 'author_url'),
    providerName: text(json, 'provider_name'),
    providerUrl: text(json, 'provider_url'),
    html: text(json, 'html'),
    width: integer(json, 'width'),
    height: integer(json, 'height'),
    blurhash: text(json, 'blurhash'),
    embedUrl: text(json, 'embed_url'),
    imageDescription: text(json, 'image_description'),
    language: text(json, 'language'),
    publishedAt: time(json, 'published_at'),
    authors: list(json, 'authors', (author) => ({ name: text(author, 'name'), url: text(author, 'url') })),
  };
}

export function toPoll(json: JsonObject): Poll {
  return {
    id: text(json, 'id'),
    expiresAt: time(json, 'expires_at'),
    expired: flag(json, 'expired'),
    multiple: flag(json, 'multiple'),
    votesCount: integer(json, 'votes_count'),
    votersCount: optionalInteger(json, 'voters_count'),
    options: list(json, 'options', (option) => ({
      title: text(option, 'title'),
      votesCount: optionalInteger(option, 'votes_count'),
    })),
    voted: false,
    ownVotes: [],
    emojis: toEmojis(json),
  };
}
