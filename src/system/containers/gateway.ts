import { endianness } from 'node:os';
import { readProc } from '../processes/proc.ts';

/** The IPv4 default gateway in /proc/net/route; null without one. Addresses are words in the machine's byte order (proc(5)). */
export function parseGateway(text: string, order: 'LE' | 'BE' = endianness()): string | null {
  for (const line of text.split('\n').slice(1)) {
    const [, destination, gateway, flags] = line.trim().split(/\s+/);
    const isGateway = (Number.parseInt(flags ?? '0', 16) & 2) !== 0;
    if (destination !== '00000000' || gateway?.length !== 8 || !isGateway) continue;
    const bytes = Buffer.from(gateway, 'hex');
    return (order === 'LE' ? bytes.reverse() : bytes).join('.');
  }
  return null;
}

/** The way out of this network; on Linux only. */
export function readGateway(): string | null {
  return parseGateway(readProc('/proc/net/route') ?? '');
}
