import type { Account, Status } from '../entities.ts';
import type { ConsentLimit } from './truth.ts';

const OPT_OUT_TAGS = new Set(['nobot', 'nobots', 'noindex', 'noarchive', 'nosearch', 'noai']);

/** What an account asks of those who read its posts. */
export function limitsOf(account: Account): ConsentLimit[] {
  const bio = [account.note, ...account.fields.flatMap(({ name, value }) => [name, value])].join('\n');
  const tags = bio.replace(/<\/?span[^>]*>/g, '').matchAll(/#([\p{L}\p{N}_]+)/gu);
  const limits: ConsentLimit[] = [];
  if (account.noindex === true) limits.push('noindex');
  if ([...tags].some(([, tag = '']) => OPT_OUT_TAGS.has(tag.toLowerCase()))) limits.push('opt_out_tag');
  if (account.indexable === false) limits.push('not_indexable');
  if (account.discoverable === false) limits.push('not_discoverable');
  return limits;
}

/** Limits of all who wrote what a post shows as its own. */
export function limitsOfPost({ account, reblog }: Status): ConsentLimit[] {
  return [...new Set([...limitsOf(account), ...(reblog === null ? [] : limitsOf(reblog.account))])];
}
