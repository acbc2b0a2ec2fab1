import { BlockList, isIP } from 'node:net';

/** Whether the text is an IPv4 literal in four decimal parts. */
export function isIPv4Literal(text: string): boolean {
  return isIP(text) === 4;
}

/** Whether the text is an IPv6 literal, without brackets. */
export function isIPv6Literal(text: string): boolean {
  return isIP(text) === 6;
}

/** Whether an address lies in `network/bits`; false for anything that is no address or no prefix length. */
export function inNetwork(address: string, network: string, bits: number): boolean {
  const [version, networkVersion] = [isIP(address), isIP(network)];
  if (version === 0 || networkVersion === 0 || !Number.isInteger(bits) || bits < 0 || bits > (networkVersion === 4 ? 32 : 128))
    return false;
  const list = new BlockList();
  list.addSubnet(network, bits, networkVersion === 4 ? 'ipv4' : 'ipv6');
  return list.check(address, version === 4 ? 'ipv4' : 'ipv6');
}

/** Whether two texts are the same address, however each is written. */
export function isSameAddress(one: string, other: string): boolean {
  return inNetwork(one, other, isIP(other) === 4 ? 32 : 128);
}

/** Whether an address belongs to a private network (RFC 1918, RFC 4193) or to one link (RFC 3927, RFC 4291): nobody outside has it. */
export function isPrivateAddress(address: string): boolean {
  const version = isIP(address);
  return version !== 0 && PRIVATE.check(address, version === 4 ? 'ipv4' : 'ipv6');
}

const PRIVATE = new BlockList();
for (const [network, bits] of [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['169.254.0.0', 16],
] as const)
  PRIVATE.addSubnet(network, bits, 'ipv4');
for (const [network, bits] of [
  ['fc00::', 7],
  ['fe80::', 10],
] as const)
  PRIVATE.addSubnet(network, bits, 'ipv6');
