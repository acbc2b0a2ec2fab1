import { BlockList, isIP } from 'node:net';
import type { Family } from '../../model/evidence.ts';

/** A network prefix; `text` is its usual spelling with the length. */
export interface Prefix {
  readonly network: string;
  readonly length: number;
  readonly family: Family;
  readonly text: string;
}

/** `10.0.0.0/8`, a single address, or `default`; null when it is none of them in this family. */
export function parsePrefix(text: string, family: Family): Prefix | null {
  if (text === 'default' || text === 'all') return prefix(family === 4 ? '0.0.0.0' : '::', 0, family);
  const [network = '', digits] = text.split('/');
  const length = digits === undefined ? (family === 4 ? 32 : 128) : Number(digits);
  if (isIP(network) !== family || !Number.isInteger(length) || length < 0 || length > (family === 4 ? 32 : 128)) return null;
  return prefix(network, length, family);
}

function prefix(network: string, length: number, family: Family): Prefix {
  return { network, length, family, text: `${network}/${length}` };
}

/** Whether an address lies within a prefix of its own family. */
export function prefixCovers({ network, length, family }: Prefix, address: string): boolean {
  if (isIP(address) !== family) return false;
  const type = family === 4 ? 'ipv4' : 'ipv6';
  const list = new BlockList();
  list.addSubnet(network, length, type);
  return list.check(address, type);
}
