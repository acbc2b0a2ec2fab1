import { isIP, SocketAddress } from 'node:net';
import type { Address } from '../../model/evidence.ts';

const MAPPED = '::ffff:';

/**
 * One spelling for an IP literal: no brackets, no zone, IPv6 compressed (RFC 5952), IPv4-mapped IPv6 as the IPv4
 * address it stands for. Null when the text is no address.
 */
export function canonicalAddress(text: string): Address | null {
  const bare = text.replace(/^\[|\]$/g, '').replace(/%.*$/, '');
  const version = isIP(bare);
  if (version === 4) return { address: bare, family: 4 };
  if (version !== 6) return null;
  const { address } = new SocketAddress({ address: bare, family: 'ipv6' });
  const inner = address.startsWith(MAPPED) ? address.slice(MAPPED.length) : '';
  return isIP(inner) === 4 ? { address: inner, family: 4 } : { address, family: 6 };
}
