import { createSocket } from 'node:dgram';
import { readFileSync } from 'node:fs';
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

/** Linux's own default (ip(7), ip_local_port_range). */
const USUAL_PORTS = { from: 32_768, to: 60_999 } as const;

/** The ports of which the system takes one for an outgoing connection. */
export function clientPorts(): { readonly from: number; readonly to: number } {
  try {
    const [from, to] = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').trim().split(/\s+/).map(Number);
    return from === undefined || to === undefined || Number.isNaN(from + to) ? USUAL_PORTS : { from, to };
  } catch {
    return USUAL_PORTS;
  }
}
