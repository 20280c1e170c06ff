/** What of a post tells whose it is; a PublicPost and a stored Post both have it. */
export interface Authored {
  uri: string;
  account?: { acct: string; url: string | null } | undefined;
}

/** Why the operator's list refuses a post: stable words, used as metric labels. */
export type BlockReason = 'blocked_domain' | 'blocked_account' | 'blocked_post';

export type BlockEntry = { reason: BlockReason; value: string };

/** A line of a blocklist: a post's URI, user@host, or a domain. Undefined: none of them. */
export function parseEntry(line: string): BlockEntry | undefined {
  const text = line.trim();
  if (/^https?:\/\/[^/\s]+\/\S+$/i.test(text)) return { reason: 'blocked_post', value: text };
  const account = /^@?([^@/\s]+)@([^@/\s]+)$/.exec(text);
  const host = hostOf(`https://${account?.[2] ?? text}`);
  if (host === undefined || /[\s/@?#]/.test(account?.[2] ?? text) || !/[.:]|^localhost$/.test(host)) return undefined;
  if (account === null) return { reason: 'blocked_domain', value: host };
  return { reason: 'blocked_account', value: `${account[1]?.toLowerCase()}@${host}` };
}

/** Posts, accounts and domains (with all below them) that an operator leaves out, whatever their consent. */
export class Blocklist {
  #entries: Record<BlockReason, Set<string>> = empty();

  /** One entry a line; '#' begins a comment. Returns the numbers of the lines that are none, which are passed over. */
  replace(text: string): number[] {
    const entries = empty();
    const wrong: number[] = [];
    for (const [index, line] of text.split('\n').entries()) {
      const said = line.replace(/(^|\s)#.*$/, '').trim();
      const entry = said === '' ? undefined : parseEntry(said);
      if (entry !== undefined) entries[entry.reason].add(entry.value);
      else if (said !== '') wrong.push(index + 1);
    }
    this.#entries = entries;
    return wrong;
  }

  get size(): number {
    return Object.values(this.#entries).reduce((sum, { size }) => sum + size, 0);
  }

  /** Whether this post itself is refused; what it embeds is asked for by itself. */
  refusal({ uri, account }: Authored): BlockReason | undefined {
    const { blocked_post: posts, blocked_account: accounts, blocked_domain: domains } = this.#entries;
    if (posts.has(uri)) return 'blocked_post';
    if (accounts.size === 0 && domains.size === 0) return undefined;
    const [user = '', named] = (account?.acct ?? '').toLowerCase().split('@');
    const hosts = [
      named === undefined ? undefined : hostOf(`https://${named}`),
      hostOf(account?.url ?? ''),
      hostOf(uri),
    ];
    const known = hosts.filter((host) => host !== undefined);
    if (known.some((host) => accounts.has(`${user}@${host}`))) return 'blocked_account';
    return known.some((host) => parents(host).some((domain) => domains.has(domain))) ? 'blocked_domain' : undefined;
  }
}

function empty(): Record<BlockReason, Set<string>> {
  return { blocked_post: new Set(), blocked_account: new Set(), blocked_domain: new Set() };
}

function hostOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).host : undefined;
}

/** a.b.example → a.b.example, b.example, example. */
function parents(host: string): string[] {
  const labels = host.split('.');
  return labels.map((_, index) => labels.slice(index).join('.'));
}
