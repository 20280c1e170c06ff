import type { Card, Media, MediaMeta, MediaSize, Poll } from '../entities.ts';
import type { Random } from '../random.ts';
import { BLURHASHES, CAPTIONS, CARD_TITLES, POLLS } from './things.ts';

const EXTENSIONS = { image: 'jpeg', gifv: 'mp4', video: 'mp4', audio: 'mp3', unknown: 'bin' } as const;
const THREE_DAYS = 259_200_000;
const SMALL_PIXELS = 230_400;

/** Makes what hangs on posts: pictures and sounds, polls, previews of links. */
export class Attachments {
  private readonly random: Random;
  private readonly origin: string;
  private polls = 0;

  constructor(random: Random, origin: string) {
    this.random = random;
    this.origin = origin;
  }

  /** @param postId distinguishes the ids of the media */
  media(postId: string, local: boolean): Media[] {
    const type = this.random.weighted({ image: 82, video: 8, gifv: 5, audio: 3, unknown: local ? 0 : 2 });
    const count = type === 'image' ? this.random.pick([1, 1, 1, 1, 2, 2, 3, 4]) : 1;
    return Array.from({ length: count }, (_, i) => this.medium(type, postId, i, local));
  }

  private medium(type: Media['type'], postId: string, index: number, local: boolean): Media {
    const id = (BigInt(postId) - BigInt(40_000_000 * (index + 1))).toString();
    const folder = `${this.origin}/system/${local ? '' : 'cache/'}media_attachments/files/${id.replace(/(\d{3})(?=\d)/g, '$1/')}`;
    const file = `${this.random.text(16)}.${EXTENSIONS[type]}`;
    const cached = type !== 'unknown';
    return {
      id,
      type,
      url: cached ? `${folder}/original/${file}` : null,
      preview_url: cached && type !== 'audio' ? `${folder}/small/${file.replace(/\.mp4$/, '.png')}` : null,
      remote_url: local ? null : `https://files.example.net/media/${file}`,
      preview_remote_url: null,
      text_url: null,
      meta: cached ? this.meta(type) : null,
      description: this.random.chance(0.6) ? this.random.pick(CAPTIONS) : null,
      blurhash: cached && type !== 'audio' ? this.random.pick(BLURHASHES) : null,
    };
  }

  private meta(type: Media['type']): MediaMeta {
    const duration = this.random.between(20, 3000) / 10;
    if (type === 'audio') {
      const colors = { background: '#1d2b3a', foreground: '#ffffff', accent: '#8a9db3' };
      return { ...this.sound(duration), original: { duration, bitrate: 192_000 }, colors };
    }
    const [width, height] = this.random.pick(SHAPES);
    const still = { original: size(width, height), small: smaller(width, height) };
    if (type === 'image') return this.random.chance(0.15) ? { ...still, focus: { x: -0.12, y: 0.44 } } : still;
    const moving = { width, height, frame_rate: '30/1', duration, bitrate: 1_204_337 };
    const film = { original: moving, small: still.small, length: clock(duration), duration };
    return type === 'video' ? { ...this.sound(duration), ...film } : film;
  }

  private sound(duration: number): MediaMeta {
    return {
      length: clock(duration),
      duration,
      audio_encode: 'aac',
      audio_bitrate: '44100 Hz',
      audio_channels: 'stereo',
    };
  }

  /** @param now ms since 1970 */
  poll(now: number): Poll {
    this.polls += 1;
    const options = this.random.pick(POLLS).map((title) => ({ title, votes_count: this.random.between(0, 40) }));
    const votes = options.reduce((sum, { votes_count }) => sum + votes_count, 0);
    const multiple = this.random.chance(0.25);
    return {
      id: String(800_000 + this.polls),
      expires_at: new Date(now + this.random.pick([300_000, 86_400_000, THREE_DAYS])).toISOString(),
      expired: false,
      multiple,
      votes_count: votes,
      voters_count: multiple ? Math.ceil(votes / 2) : votes,
      options,
      emojis: [],
    };
  }

  card(url: string, language: string): Card {
    const withImage = this.random.chance(0.7);
    const host = new URL(url).hostname;
    return {
      url,
      title: this.random.pick(CARD_TITLES),
      description: this.random.chance(0.7) ? 'What was done, what went wrong on the way, and what is left to do.' : '',
      language,
      type: 'link',
      author_name: this.random.chance(0.4) ? 'Ada Whitlock' : '',
      author_url: '',
      provider_name: host.replace(/^www\./, ''),
      provider_url: '',
      html: '',
      width: withImage ? 1200 : 0,
      height: withImage ? 630 : 0,
      image: withImage ? `${this.origin}/system/cache/preview_cards/images/${this.random.text(16)}.jpeg` : null,
      image_description: '',
      embed_url: '',
      blurhash: withImage ? this.random.pick(BLURHASHES) : null,
      published_at: this.random.chance(0.4) ? '2026-10-02T07:15:00.000Z' : null,
      authors: [],
    };
  }
}

const SHAPES: readonly (readonly [number, number])[] = [
  [1920, 1080],
  [3072, 4080],
  [1080, 1080],
  [816, 1456],
  [2400, 600],
];

function size(width: number, height: number): MediaSize {
  return { width, height, size: `${width}x${height}`, aspect: width / height };
}

/** Previews hold at most 230,400 pixels. */
function smaller(width: number, height: number): MediaSize {
  const factor = Math.min(1, Math.sqrt(SMALL_PIXELS / (width * height)));
  return size(Math.round(width * factor), Math.round(height * factor));
}

function clock(seconds: number): string {
  const whole = Math.floor(seconds);
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60].map((n) =>
    String(n).padStart(2, '0'),
  );
  return `${parts.join(':')}.${String(Math.round((seconds - whole) * 100)).padStart(2, '0')}`;
}
