/** Listening sockets and their owners, with one reader for each operating system. */
import { networkInterfaces } from 'node:os';
import { canonicalAddress } from './canonical.ts';
import { darwinSockets } from './darwin.ts';
import { linuxSockets } from './linux.ts';
import { measured, notMeasured } from './reader.ts';
import type { SocketReader } from './reader.ts';
import { windowsSockets } from './windows.ts';

export { toSocket } from './reader.ts';
export { namesPort } from './names-port.ts';
export type { Listener, SocketReader } from './reader.ts';

const READERS: Partial<Record<NodeJS.Platform, SocketReader>> = {
  linux: linuxSockets,
  android: linuxSockets,
  darwin: darwinSockets,
  win32: windowsSockets,
};

/** The reader for a platform; where there is none, everything is "not measured". */
export function socketReader(platform: NodeJS.Platform = process.platform): SocketReader {
  return READERS[platform] ?? unsupported(platform);
}

/** Every address of this machine's interfaces in canonical form, loopback included, sorted as the system gives them. */
export function localAddresses(): readonly string[] {
  const given = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const addresses = given.flatMap((one) => canonicalAddress(one.address)?.address ?? []);
  return [...new Set(['127.0.0.1', '::1', ...addresses])];
}

function unsupported(platform: string): SocketReader {
  const missing = notMeasured(`mcpreach cannot read the sockets of ${platform}`);
  return {
    listeningSockets: async () => missing,
    ownersOf: async (listeners) => listeners.map(() => missing),
    heldBy: async () => [],
    foreignListeners: async () => measured([]),
    youngProcesses: async () => [],
  };
}
