import { describe, expect, it } from '@jest/globals';
import { AddressReader } from './client-address.ts';

const reader = new AddressReader(['10.0.0.1', '192.168.0.0/16', 'fd00::/8']);

describe('the address that a client is counted by', () => {
  it.each([
    ['of the connection', '203.0.113.7', undefined, '203.0.113.7'],
    ['without the mapping of a dual-stack socket', '::ffff:203.0.113.7', undefined, '203.0.113.7'],
    ['not what a stranger claims', '203.0.113.7', '198.51.100.1', '203.0.113.7'],
    ['whom a trusted proxy was asked by', '10.0.0.1', '198.51.100.1', '198.51.100.1'],
    ['through several trusted proxies', '::ffff:10.0.0.1', '198.51.100.1, 192.168.3.4', '198.51.100.1'],
    ['not what a client put before them', '10.0.0.1', '127.0.0.1, 198.51.100.1, 192.168.3.4', '198.51.100.1'],
    ['the proxy, where its header is no address', '10.0.0.1', 'unknown', '10.0.0.1'],
    ['the proxy, where it says nothing', '10.0.0.1', undefined, '10.0.0.1'],
    ['a network of IPv6', '2001:db8:1:2:3:4:5:6', undefined, '2001:db8:1:2::/64'],
    ['the same from its short form', '2001:db8::1', undefined, '2001:db8:0:0::/64'],
    ['behind a proxy with IPv6', 'fd00::1', '2001:0DB8:0:0:9::1', '2001:db8:0:0::/64'],
    ['without a zone', 'fe80::1%eth0', undefined, 'fe80:0:0:0::/64'],
    ['of a connection that has gone', undefined, undefined, ''],
  ])('is %s', (_, remoteAddress, forwardedFor, expected) => {
    expect(reader.read({ remoteAddress, forwardedFor })).toBe(expected);
  });
});
