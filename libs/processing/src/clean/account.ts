import { foldHost } from '@hub/contracts';
import type { Account } from '@hub/contracts/proto';
import { cleanEmojis } from './parts.ts';
import { sanitiseRepeated } from './sanitise.ts';
import { cleanText, isColour } from './text.ts';
import { webHost, webUrl } from './url.ts';

/** An account as readers may show it, and without what is of no use to a public hub. */
export function cleanAccount(account: Account, source: string): Account {
  return {
    ...account,
    acct: fullName(account, source),
    username: cleanText(account.username),
    displayName: cleanText(account.displayName),
    note: sanitiseRepeated(account.note),
    uri: webUrl(account.uri),
    url: webUrl(account.url),
    avatar: webUrl(account.avatar),
    avatarStatic: webUrl(account.avatarStatic),
    avatarDescription: cleanText(account.avatarDescription),
    header: webUrl(account.header),
    headerStatic: webUrl(account.headerStatic),
    headerDescription: cleanText(account.headerDescription),
    lastStatusAt: /^\d{4}-\d{2}-\d{2}/.test(account.lastStatusAt) ? account.lastStatusAt : '',
    emojis: cleanEmojis(account.emojis),
    fields: account.fields.map((field) => ({
      ...field,
      name: cleanText(field.name),
      value: sanitiseRepeated(field.value),
    })),
    roles: account.roles.map(({ id, name, color }) => ({
      id,
      name: cleanText(name),
      color: isColour(color) ? color : '',
    })),
    moved: undefined,
    source: undefined,
  };
}

/** user@host, the host that of the profile where the source left it out because the account is its own. */
function fullName({ acct, username, url, uri }: Account, source: string): string {
  const name = cleanText(acct === '' ? username : acct).replace(/^@/, '');
  const at = name.lastIndexOf('@');
  if (at < 0) return `${name}@${webHost(url) ?? webHost(uri) ?? source}`;
  return `${name.slice(0, at)}@${foldHost(name.slice(at + 1))}`;
}
