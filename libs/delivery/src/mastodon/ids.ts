import { ID_DIGITS } from '@hub/contracts';

const BASE = BigInt(ID_DIGITS.length);
const LENGTH = 26;

/**
 * The hub's id of a post as a decimal number, as Mastodon's own ids are: some of its clients read the id in a `delete`
 * as JSON, and nothing else without quotes is that.
 */
export function toMastodonId(id: string): string {
  return Array.from(id)
    .reduce((number, digit) => number * BASE + BigInt(ID_DIGITS.indexOf(digit)), 0n)
    .toString();
}

/** And back. What is no such number is left as it is: it may be the hub's own form. */
export function fromMastodonId(id: string): string {
  if (id.length === LENGTH || !/^\d{1,39}$/.test(id)) return id;
  let text = '';
  for (let rest = BigInt(id); text.length < LENGTH; rest /= BASE) text = ID_DIGITS.charAt(Number(rest % BASE)) + text;
  return text;
}
