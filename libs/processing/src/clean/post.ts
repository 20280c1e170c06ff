import { canonicalLanguage } from '@hub/contracts';
import type { Application, PublicPost, Quote } from '@hub/contracts/proto';
import { cleanAccount } from './account.ts';
import { cleanAttachments, cleanCard, cleanEmojis, cleanMentions, cleanPoll, cleanTags } from './parts.ts';
import { sanitise } from './sanitise.ts';
import { cleanText } from './text.ts';
import { webUrl } from './url.ts';

/**
 * A checked and admitted post as every client may show it: HTML sanitised, text free of control characters, each
 * address one of the web or empty, accounts by their full names, languages canonical, and nothing of the reading account.
 * A boost takes language, content warning and sensitivity from what it boosts. Idempotent.
 */
export function cleanPost(post: PublicPost, source: string): PublicPost {
  const clean = cleanOne(post, source);
  clean.quote = post.quote && cleanQuote(post.quote, source);
  if (post.reblog === undefined) return clean;
  const reblog = cleanOne(post.reblog, source);
  reblog.quote = post.reblog.quote && cleanQuote(post.reblog.quote, source);
  return {
    ...clean,
    reblog,
    language: clean.language || reblog.language,
    spoilerText: clean.spoilerText || reblog.spoilerText,
    sensitive: clean.sensitive || reblog.sensitive,
  };
}

/** A quote in a quoted post is only named, as Mastodon does it. */
function cleanQuote(quote: Quote, source: string): Quote {
  const state = /^[a-z_]{1,64}$/.test(quote.state) ? quote.state : 'unauthorized';
  const { quotedStatus } = quote;
  if (quotedStatus === undefined) return { state, quotedStatus: undefined, quotedStatusId: quote.quotedStatusId };
  const clean = cleanOne(quotedStatus, source);
  if (quotedStatus.quote !== undefined) {
    const { state, quotedStatus: inner, quotedStatusId } = quotedStatus.quote;
    clean.quote = { state, quotedStatus: undefined, quotedStatusId: inner?.id ?? quotedStatusId };
  }
  return { state, quotedStatus: clean, quotedStatusId: '' };
}

/** The post itself, without those that it embeds. */
function cleanOne(post: PublicPost, source: string): PublicPost {
  return {
    ...post,
    url: webUrl(post.url),
    account: post.account && cleanAccount(post.account, source),
    content: sanitise(post.content),
    spoilerText: cleanText(post.spoilerText),
    language: canonicalLanguage(post.language) ?? '',
    emojis: cleanEmojis(post.emojis),
    mediaAttachments: cleanAttachments(post.mediaAttachments),
    mentions: cleanMentions(post.mentions),
    tags: cleanTags(post.tags),
    card: post.card && cleanCard(post.card),
    poll: post.poll && cleanPoll(post.poll),
    application: post.application && cleanApplication(post.application),
    reblog: undefined,
    quote: undefined,
    reblogged: '',
    favourited: '',
    bookmarked: '',
    muted: '',
    pinned: '',
  };
}

function cleanApplication({ name, website }: Application): Application | undefined {
  if (name === '') return undefined;
  return {
    name: cleanText(name),
    website: webUrl(website),
    id: '',
    redirectUri: '',
    clientId: '',
    clientSecret: '',
    authUri: '',
  };
}
