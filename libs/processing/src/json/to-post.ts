import type { EmbeddedPost, PostCard, PostPoll, PostQuote } from '@hub/contracts';
import { InvalidEventError, type Card, type Poll, type PublicPost, type Quote } from '@hub/contracts/proto';
import { toAccount, toEmoji } from './to-account.ts';
import { toMedia } from './to-media.ts';
import { count, isoTime, orNull } from './values.ts';

/** The JSON of a cleaned post: names and shapes of Mastodon's Status entity. */
export function toPost(post: PublicPost): EmbeddedPost {
  const created = isoTime(post.createdAt);
  if (created === null || post.account === undefined) throw new InvalidEventError('the post was not checked');
  return {
    id: post.id,
    uri: post.uri,
    url: orNull(post.url),
    created_at: created,
    edited_at: isoTime(post.editedAt),
    in_reply_to_id: orNull(post.inReplyToId),
    in_reply_to_account_id: orNull(post.inReplyToAccountId),
    sensitive: post.sensitive,
    spoiler_text: post.spoilerText,
    visibility: 'public',
    language: orNull(post.language),
    content: post.content,
    account: toAccount(post.account),
    reblog: post.reblog === undefined ? null : toPost(post.reblog),
    quote: post.quote === undefined ? null : toQuote(post.quote),
    quote_approval: toQuoteApproval(post),
    media_attachments: post.mediaAttachments.map(toMedia),
    mentions: post.mentions.map(({ id, username, acct, url }) => ({ id, username, acct, url })),
    tags: post.tags.map(({ name, url }) => ({ name, url })),
    emojis: post.emojis.map(toEmoji),
    card: post.card === undefined ? null : toCard(post.card),
    poll: post.poll === undefined ? null : toPoll(post.poll),
    application: post.application === undefined ? null : toApplication(post.application),
    replies_count: count(post.repliesCount),
    reblogs_count: count(post.reblogsCount),
    favourites_count: count(post.favouritesCount),
    quotes_count: count(post.quotesCount),
  };
}

function toQuoteApproval({ quoteApproval }: PublicPost): EmbeddedPost['quote_approval'] {
  return quoteApproval === undefined ? null : { automatic: quoteApproval.automatic, manual: quoteApproval.manual };
}

function toApplication({ name, website }: { name: string; website: string }): EmbeddedPost['application'] {
  return { name, website: orNull(website) };
}

function toQuote({ state, quotedStatus, quotedStatusId }: Quote): PostQuote {
  return {
    state,
    quoted_status: quotedStatus === undefined ? null : toPost(quotedStatus),
    quoted_status_id: orNull(quotedStatusId),
  };
}

function toCard(card: Card): PostCard {
  return {
    url: card.url,
    title: card.title,
    description: card.description,
    type: card.type,
    author_name: card.authorName,
    author_url: card.authorUrl,
    provider_name: card.providerName,
    provider_url: card.providerUrl,
    html: '',
    width: count(card.width),
    height: count(card.height),
    image: orNull(card.image),
    image_description: card.imageDescription,
    blurhash: orNull(card.blurhash),
    embed_url: card.embedUrl,
    language: orNull(card.language),
    published_at: isoTime(card.publishedAt),
    authors: card.authors.map(({ name, url }) => ({ name, url })),
  };
}

function toPoll(poll: Poll): PostPoll {
  return {
    id: poll.id,
    expires_at: isoTime(poll.expiresAt),
    expired: poll.expired,
    multiple: poll.multiple,
    votes_count: count(poll.votesCount),
    voters_count: poll.votersCount === undefined ? null : count(poll.votersCount),
    options: poll.options.map(({ title, votesCount }) => ({
      title,
      votes_count: votesCount === undefined ? null : count(votesCount),
    })),
    emojis: poll.emojis.map(toEmoji),
  };
}
