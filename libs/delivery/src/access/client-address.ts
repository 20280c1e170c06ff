import { BlockList, isIP } from 'node:net';

const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;
/** Of an IPv6 address: its holder is given the rest. */
const NETWORK_GROUPS = 4;
const GROUPS = 8;

/** Where a request came from, as the connection and the proxies on the way say. */
export interface Origin {
  remoteAddress: string | undefined;
  /** The X-Forwarded-For header: each proxy adds on the right whom it was asked by. */
  forwardedFor?: string | undefined;
}

/** Reads the address that a client is counted by: of IPv6 its network (/64), which one subscriber has whole. */
export class AddressReader {
  readonly #trusted = new BlockList();

  constructor(trustedProxies: readonly string[]) {
    for (const proxy of trustedProxies) trust(this.#trusted, proxy);
  }

  isTrusted(remoteAddress = ''): boolean {
    const address = plain(remoteAddress);
    return isIP(address) !== 0 && this.#trusted.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
  }

  read({ remoteAddress = '', forwardedFor = '' }: Origin): string {
    let address = plain(remoteAddress);
    for (const hop of forwardedFor.split(',').toReversed()) {
      const from = plain(hop.trim());
      // What a stranger says of where it comes from counts for nothing.
      if (isIP(from) === 0 || !this.isTrusted(address)) break;
      address = from;
    }
    return isIP(address) === 6 ? network(address) : address;
  }
}

function trust(trusted: BlockList, proxy: string): void {
  const [address = '', bits] = proxy.split('/');
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  if (bits === undefined) trusted.addAddress(address, family);
  else trusted.addSubnet(address, Number(bits), family);
}

/** Without what a dual-stack socket puts before IPv4, and without a zone. */
function plain(address: string): string {
  const bare = address.replace(/%.*$/, '');
  return MAPPED.exec(bare)?.[1] ?? bare;
}

/** 2001:db8::1 → 2001:db8:0:0::/64. */
function network(address: string): string {
  // The host of a URL is in canonical form: no leading zeros, no dotted end.
  const canonical = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  const [head = '', tail] = canonical.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : GROUPS - before.length - after.length;
  const groups = [...before, ...Array.from({ length: zeros }, () => '0'), ...after];
  return `${groups.slice(0, NETWORK_GROUPS).join(':')}::/64`;
}
