import type { Person } from '../content/people.ts';

interface Address {
  uri: string;
  url: string;
}

/** Where a post is found, in the way of its server's software. @param id at its own server */
export function postAddress({ server, software, account }: Person, id: string): Address {
  switch (software) {
    case 'misskey': {
      const note = `${server}/notes/${BigInt(id).toString(36)}`;
      return { uri: note, url: note };
    }
    case 'pleroma': {
      const hex = BigInt(id).toString(16).padStart(32, '0');
      const uuid = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
      return { uri: `${server}/objects/${uuid}`, url: `${server}/notice/${BigInt(id).toString(36)}` };
    }
    case 'pixelfed': {
      const photo = `${server}/p/${account.username}/${id}`;
      return { uri: photo, url: photo };
    }
    default:
      return { uri: `${account.uri}/statuses/${id}`, url: `${account.url}/${id}` };
  }
}

/** A boost is an activity, not a page. @param id at its own server */
export function boostAddress({ account }: Person, id: string): Address {
  const activity = `${account.uri}/statuses/${id}/activity`;
  return { uri: activity, url: activity };
}
