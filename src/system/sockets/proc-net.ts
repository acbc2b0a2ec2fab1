import { endianness } from 'node:os';
import { canonicalAddress } from './canonical.ts';
import type { Address, Family } from '../../model/evidence.ts';

/** One listening row of /proc/net/tcp or tcp6. */
export interface ProcNetRow extends Address {
  readonly port: number;
  /** User who made the socket. */
  readonly uid: number;
  readonly inode: string;
}

/** TCP_LISTEN of the kernel's include/net/tcp_states.h. */
const LISTEN = '0A';

/**
 * The listening rows of /proc/net/tcp (family 4) or /proc/net/tcp6 (family 6).
 * Addresses are printed as 32-bit words in the byte order of the machine, ports as plain numbers (proc(5), kernel net/ipv4/tcp_ipv4.c).
 */
export function parseProcNetTcp(text: string, family: Family, order: 'LE' | 'BE' = endianness()): readonly ProcNetRow[] {
  const rows: ProcNetRow[] = [];
  for (const line of text.split('\n')) {
    const [, local, , state, , , , uid, , inode] = line.trim().split(/\s+/);
    if (state !== LISTEN || local === undefined || uid === undefined || inode === undefined) continue;
    const [words, port] = local.split(':');
    const address = words?.length === (family === 4 ? 8 : 32) ? decodeWords(words, order) : null;
    if (address === null || port === undefined) continue;
    rows.push({ ...address, port: Number.parseInt(port, 16), uid: Number(uid), inode });
  }
  return rows;
}

function decodeWords(words: string, order: 'LE' | 'BE'): Address | null {
  const bytes = Buffer.from(words, 'hex');
  if (order === 'LE') bytes.swap32();
  if (bytes.length === 4) return { address: bytes.join('.'), family: 4 };
  const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(index * 2).toString(16));
  return canonicalAddress(groups.join(':'));
}
