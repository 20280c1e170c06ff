import { MEDIA_KINDS, type MediaKind, type PostMedia, type PostMediaSize } from '@hub/contracts';
import type { Attachment, AttachmentMeta, AttachmentSize } from '@hub/contracts/proto';
import { isMeasure, orNull } from './values.ts';

export function mediaKind(type: string): MediaKind {
  return MEDIA_KINDS.find((kind) => kind === type) ?? 'unknown';
}

export function toMedia(media: Attachment): PostMedia {
  return {
    id: media.id,
    type: mediaKind(media.type),
    url: orNull(media.url),
    preview_url: orNull(media.previewUrl),
    remote_url: orNull(media.remoteUrl),
    preview_remote_url: orNull(media.previewRemoteUrl),
    description: orNull(media.description),
    blurhash: orNull(media.blurhash),
    meta: media.meta === undefined ? null : toMeta(media.meta),
  };
}

function toMeta({ original, small, focus, colors }: AttachmentMeta): NonNullable<PostMedia['meta']> {
  return {
    ...(original && { original: toSize(original) }),
    ...(small && { small: toSize(small) }),
    ...(focus && { focus: { x: focusAt(focus.x), y: focusAt(focus.y) } }),
    ...(colors && {
      colors: { background: colors.background, foreground: colors.foreground, accent: colors.accent },
    }),
  };
}

function toSize({ width, height, size, aspect, frameRate, duration, bitrate }: AttachmentSize): PostMediaSize {
  return {
    ...(isMeasure(width) && { width }),
    ...(isMeasure(height) && { height }),
    ...(size !== '' && { size }),
    ...(isMeasure(aspect) && { aspect }),
    ...(frameRate !== '' && { frame_rate: frameRate }),
    ...(isMeasure(duration) && { duration }),
    ...(isMeasure(bitrate) && { bitrate }),
  };
}

function focusAt(value: number): number {
  return Number.isNaN(value) ? 0 : Math.min(1, Math.max(-1, value));
}
