import type { Account, Emoji } from '../entities.ts';
import type { Random } from '../random.ts';
import { CUSTOM_EMOJI, SERVERS } from './things.ts';
import { escape } from './html.ts';
import type { Voice } from './voice.ts';
import { VOICES } from './voices.ts';

/** An account with what its posts need. */
export interface Person {
  account: Account;
  voice: Voice;
  /** Origin of the account's own server. */
  server: string;
  software: (typeof SERVERS)[number]['software'];
  local: boolean;
}

const LOCAL_SHARE = 0.2;
const DAY = 86_400_000;
const BASE_ID = 109_300_000_000_000_000n;

/** Makes the people of the simulated network. */
export class People {
  private readonly random: Random;
  private readonly origin: string;
  private readonly taken = new Map<string, number>();

  /** @param origin of the simulator itself */
  constructor(random: Random, origin: string) {
    this.random = random;
    this.origin = origin;
  }

  make(count: number): Person[] {
    const weights = Object.fromEntries(VOICES.map((voice, i) => [String(i), voice.weight]));
    return Array.from({ length: count }, (_, i) => {
      const voice = VOICES[Number(this.random.weighted(weights))];
      if (voice === undefined) throw new RangeError('no such voice');
      return this.person(voice, i);
    });
  }

  private person(voice: Voice, index: number): Person {
    const { random } = this;
    const local = random.chance(LOCAL_SHARE);
    const { domain, software } = random.pick(SERVERS);
    const server = local ? this.origin : new URL(`https://${domain}`).origin;
    const [name = '', handle = ''] = random.pick(voice.names).split('|');
    const username = this.free(handle, server);
    const acct = local ? username : `${username}@${domain}`;
    const account = this.account({
      name,
      username,
      acct,
      server,
      index,
      local,
      software: local ? 'mastodon' : software,
    });
    return { account, voice, server, software: local ? 'mastodon' : software, local };
  }

  /** Several people may go by one name, but not at one server. */
  private free(handle: string, server: string): string {
    const key = `${handle}@${server}`;
    const used = this.taken.get(key) ?? 0;
    this.taken.set(key, used + 1);
    return used === 0 ? handle : `${handle}${used + 1}`;
  }

  private account(known: Known): Account {
    const { random } = this;
    const id = (BASE_ID + BigInt(known.index) * 48_271_000_003n).toString();
    const bot = random.chance(0.06);
    const joined = Date.UTC(2016, 10, 1) + random.between(0, 3300) * DAY;
    const decorated = random.chance(0.12);
    return {
      id,
      username: known.username,
      acct: known.acct,
      display_name: decorated ? `${known.name} :${CUSTOM_EMOJI[0] ?? ''}:` : known.name,
      locked: random.chance(0.08),
      bot,
      discoverable: random.pick([true, true, true, false, null]),
      indexable: random.chance(0.55),
      group: false,
      created_at: new Date(joined).toISOString(),
      ...this.profile(known),
      ...this.pictures(id, known.local),
      followers_count: Math.floor(1.5 ** random.between(0, 22)),
      following_count: random.between(0, 900),
      statuses_count: random.between(1, 20_000),
      last_status_at: null,
      hide_collections: random.chance(0.2),
      ...(known.local ? { noindex: random.chance(0.08), roles: [] } : {}),
      emojis: decorated ? [emoji(this.origin, CUSTOM_EMOJI[0] ?? '')] : [],
      fields: this.fields(),
    };
  }

  private profile({ username, server, software, name }: Known): Pick<Account, 'note' | 'url' | 'uri'> {
    const misskey = software === 'misskey';
    const bare = misskey || software === 'pleroma';
    return {
      url: `${server}/${software === 'pleroma' ? 'users/' : '@'}${username}`,
      uri: misskey
        ? `${server}/users/${this.random.text(10, 'abcdefghijklmnop0123456789')}`
        : `${server}/users/${username}`,
      note: this.bio(name, bare),
    };
  }

  private bio(name: string, bare: boolean): string {
    const { random } = this;
    const lines = random.sample(BIO_LINES, random.between(1, 3)).map(escape);
    if (random.chance(0.05)) lines.push(random.pick(OPT_OUTS));
    if (random.chance(0.05)) return '';
    const text = [`${escape(name)}.`, ...lines];
    return bare ? text.join('<br>') : text.map((line) => `<p>${line}</p>`).join('');
  }

  private pictures(id: string, local: boolean) {
    const path = id.replace(/(\d{3})(?=\d)/g, '$1/');
    const folder = `${this.origin}/system/${local ? '' : 'cache/'}accounts`;
    const avatar = `${folder}/avatars/${path}/original/${this.random.text(16)}.png`;
    const header = this.random.chance(0.3)
      ? `${this.origin}/headers/original/missing.png`
      : `${folder}/headers/${path}/original/${this.random.text(16)}.jpeg`;
    return {
      avatar,
      avatar_static: avatar,
      avatar_description: this.random.chance(0.1) ? 'Portrait, drawn in ink.' : '',
      header,
      header_static: header,
      header_description: '',
    };
  }

  private fields(): Account['fields'] {
    return this.random.sample(FIELDS, this.random.between(0, 3)).map(([name, url]) => ({
      name,
      value: url.startsWith('http')
        ? `<a href="${url}" target="_blank" rel="nofollow noopener me" translate="no"><span class="invisible">https://</span>` +
          `<span class="">${url.slice(8)}</span><span class="invisible"></span></a>`
        : url,
      verified_at: url.startsWith('http') && this.random.chance(0.4) ? '2024-02-11T09:30:12.000+00:00' : null,
    }));
  }
}

interface Known {
  name: string;
  username: string;
  acct: string;
  server: string;
  index: number;
  local: boolean;
  software: Person['software'];
}

export function emoji(origin: string, shortcode: string): Emoji {
  const url = `${origin}/system/custom_emojis/images/${shortcode}.png`;
  return { shortcode, url, static_url: url, visible_in_picker: true };
}

const BIO_LINES = [
  'I write about trains, trees and the things in between.',
  'Librarian by day, bread baker by night.',
  'Opinions are my own & subject to weather.',
  'Software, bicycles, tea. Mostly tea.',
  'Fotografiert analog, tippt digital.',
  'Boosts are bookmarks.',
  '絵を描いたり、散歩したり。',
  'J’aime les ponts et les chats.',
  'Follow requests are welcome if there is something in your profile.',
];

const OPT_OUTS = [
  '#nobot',
  '#NoBot please',
  'no robots: <a href="https://birdhouse.example/tags/nobot" class="mention hashtag" rel="nofollow noopener" target="_blank">#<span>nobot</span></a>',
  '#noindex',
  '#noarchive',
];

const FIELDS: readonly (readonly [string, string])[] = [
  ['Website', 'https://www.example.org'],
  ['Pronouns', 'they/them'],
  ['Git', 'https://git.example.org/someone'],
  ['Location', 'by the river'],
  ['Languages', 'en, de, 日本語'],
];
