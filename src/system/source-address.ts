import { createSocket } from 'node:dgram';
import { networkInterfaces } from 'node:os';
import type { Address } from '../model/evidence.ts';
import { canonicalAddress } from './sockets/canonical.ts';

/** Where this machine would speak from. */
export interface Source {
  readonly address: string;
  /** The interface that has that address; null when several have it. */
  readonly device: string | null;
}

/** A port that is as good as any other: connecting a UDP socket sends nothing. */
const DISCARD = 9;

/** From which of its addresses this machine would speak to another; null when there is no way. Nothing is sent. */
export function sourceTowards({ address, family }: Address): Promise<Source | null> {
  return new Promise((resolve) => {
    const socket = createSocket(family === 4 ? 'udp4' : 'udp6');
    const settle = (source: Source | null) => {
      socket.close();
      resolve(source);
    };
    socket.once('error', () => settle(null));
    socket.connect(DISCARD, address, () => {
      const own = socket.address().address;
      const devices = Object.entries(networkInterfaces()).flatMap(([name, list]) =>
        (list ?? []).some((one) => canonicalAddress(one.address)?.address === canonicalAddress(own)?.address) ? [name] : [],
      );
      settle({ address: own, device: devices.length === 1 ? (devices[0] ?? null) : null });
    });
  });
}
