/** Where a started command listens, told apart from what listened before it. */
import { connectOnce } from '../system/tcp.ts';
import { socketReader } from '../system/sockets/index.ts';
import type { Listener } from '../system/sockets/index.ts';
import type { Address, ListeningSocket } from '../model/evidence.ts';

/** This machine's own addresses answer at once; more is only needed while it is very busy. */
const CONNECT_MS = 500;

export interface StartSockets {
  /** Sockets of the command's processes. */
  mine(pids: readonly number[]): Promise<readonly Listener[]>;
  /** The first of the target's addresses at which the command, and nobody before it, accepts. */
  reach(mine: readonly ListeningSocket[]): Promise<Address | null>;
}

/** Looks at the machine as it is before the command is started. */
export async function watchSockets(addresses: readonly Address[], port: number, signal: AbortSignal): Promise<StartSockets> {
  const reader = socketReader();
  const listening = async () => {
    const listeners = await reader.listeningSockets(signal);
    return listeners.kind === 'measured' ? listeners.value : [];
  };
  const accepts = async (address: Address) =>
    (await connectOnce({ ...address, port }, { timeoutMs: CONNECT_MS, signal })).outcome === 'open';

  const [before, open] = await Promise.all([listening(), Promise.all(addresses.map(accepts))]);
  const known = new Set(before.map(keyOf));

  return {
    async mine(pids) {
      const fresh = (await listening()).filter((one) => !known.has(keyOf(one)));
      // Windows has no process tree to ask while it runs: what is new since the start has to stand for it.
      return process.platform === 'win32' ? fresh : reader.heldBy(pids, fresh, signal);
    },
    async reach(mine) {
      for (const [index, address] of addresses.entries()) {
        // Somebody else accepted here before; only a socket of the command's own makes the answer its own.
        if (open[index] && !mine.some((socket) => socket.port === port && covers(socket, address))) continue;
        if (await accepts(address)) return address;
      }
      return null;
    },
  };
}

/** Whether a listener takes connections to this address; a dual-stack `::` also takes IPv4. */
export function covers(socket: ListeningSocket, { address, family }: Address): boolean {
  if (socket.address === address) return true;
  return socket.address === '::' ? family === 6 || socket.v6Only !== true : socket.address === '0.0.0.0' && family === 4;
}

/** The address to dial for a listener: a wildcard is reached over loopback. */
export function dialled({ address, family }: ListeningSocket): Address {
  if (address === '0.0.0.0') return { address: '127.0.0.1', family: 4 };
  return address === '::' ? { address: '::1', family: 6 } : { address, family };
}

function keyOf({ address, port, ownerKey }: Listener): string {
  return `${address} ${port} ${ownerKey}`;
}
