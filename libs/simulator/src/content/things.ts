/** Servers of the simulated network, and the software that each runs: it shapes the addresses of their posts. */
export const SERVERS: readonly { domain: string; software: 'mastodon' | 'misskey' | 'pleroma' | 'pixelfed' }[] = [
  ...[
    'birdhouse.example',
    'tooters.example',
    'canal.example',
    'kolo.example',
    'wald.example',
    'letras.example',
    'photo-club.example',
    'radeln.example',
    'plume.example',
    'sound.example',
    'tech.example',
    'jardin.example',
    'kniha.example',
    'mountain.example',
    'academy.example',
  ].map((domain) => ({ domain, software: 'mastodon' as const })),
  { domain: 'sushi.example', software: 'misskey' },
  { domain: 'neko.example', software: 'misskey' },
  { domain: 'みんな.example', software: 'misskey' },
  { domain: 'stamp.example', software: 'pleroma' },
  { domain: 'bücher.example', software: 'pleroma' },
  { domain: 'lens.example', software: 'pixelfed' },
];

export const UNICODE_EMOJI = ['🌧️', '☕', '🚲', '🐈', '🎉', '📚', '🌻', '👩‍💻', '👍🏽', '🏳️‍🌈', '🇩🇪', '🫠', '❤️', '🦔'];

export const CUSTOM_EMOJI = ['blobcat', 'blobcat_tea', 'verified', 'ablobwave', 'heart_trans', 'tux', 'neko_nod'];

/** Ends of addresses that people share. */
export const LINK_PATHS = [
  '/a-walk-along-the-old-canal-in-eleven-pictures',
  '/2026/11/how-we-moved-our-database-without-anybody-noticing?utm_source=newsletter&utm_medium=feed',
  '/wiki/%E6%A1%9C',
  '/p/42',
  '/watch?v=s1mUl4t0r',
  '/releases/tag/v3.2.1',
  '/recipes/tarte-aux-pommes#method',
  '/~ada/notes.html',
  '',
];

export const LINK_HOSTS = [
  'www.example.com',
  'blog.example.org',
  'news.example.net',
  'git.example.org',
  'video.example.com',
  'naïve-café.example',
];

export const CARD_TITLES = [
  'A walk along the old canal, in eleven pictures',
  'How we moved our database without anybody noticing',
  'Release notes: fewer surprises',
  'Tarte aux pommes, pas à pas',
  '桜の季節、まちを歩く',
];

export const WARNINGS = [
  'food',
  'spoilers for the last episode',
  'eye contact',
  'Politik',
  '食べもの',
  'alcool',
  'long post',
];

export const CAPTIONS = [
  'A heron on a broken lock gate, reflected in still water.',
  'Three loaves of dark bread on a wooden board, one of them already cut.',
  'A grey cat asleep on a laptop; only its ears show.',
  'Ein Apfelbaum in voller Blüte vor einer Backsteinmauer.',
  '夕暮れの商店街。提灯に灯りがともりはじめている。',
  'Screenshot of a terminal: 412 tests passed, none failed.',
];

export const BLURHASHES = [
  'UBL_:rOpGG-oBUNG,qRj2so|=eE1w^n4S5NH',
  'UeKUpFxuo~R%0nW;WCnhF6RjaJt757oJodS$',
  'U6PZfSi_.AyE_3t7t7R**0o#DgR4_3R*D%xt',
  'UHF5?xYk^6#M@-5b,1J5@[or[k6o};FxngOZ',
];

export const POLLS: readonly (readonly string[])[] = [
  ['Tea', 'Coffee', 'Neither'],
  ['Yes', 'No'],
  ['Bahn', 'Rad', 'Auto', 'zu Fuß'],
  ['春', '夏', '秋', '冬'],
  ['vim', 'emacs', 'whatever is open'],
];
