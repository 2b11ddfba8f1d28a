import { BlockList, isIP, isIPv4 } from 'node:net';

/** Addresses that only this machine or its network can reach, or that no one answers at (IANA special registries). */
const closed = new BlockList();
const closedIPv4 = [
  ['0.0.0.0', 8], ['10.0.0.0', 8], ['100.64.0.0', 10], ['127.0.0.0', 8], ['169.254.0.0', 16], ['172.16.0.0', 12],
  ['192.0.0.0', 24], ['192.0.2.0', 24], ['192.88.99.0', 24], ['192.168.0.0', 16], ['198.18.0.0', 15],
  ['198.51.100.0', 24], ['203.0.113.0', 24], ['224.0.0.0', 4], ['240.0.0.0', 4],
] as const; // prettier-ignore
/** Of IPv6 only these have been given out; around them lie loopback, IPv4 in disguise (::/96, NAT64) and private networks. */
const global = new BlockList();
global.addSubnet('2000::', 3, 'ipv6');
const closedIPv6 = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const;
for (const [net, prefix] of closedIPv4) closed.addSubnet(net, prefix, 'ipv4');
for (const [net, prefix] of closedIPv6) closed.addSubnet(net, prefix, 'ipv6');

/** Is it an address on the public internet? IPv4 inside IPv6 counts as what it is. */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 0) return false;
  if (isIPv4(address)) return !closed.check(address, 'ipv4');
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped) return !closed.check(mapped, 'ipv4');
  return global.check(address, 'ipv6') && !closed.check(address, 'ipv6');
}
