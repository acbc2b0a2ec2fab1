/** Pure readers of what a Linux inside WSL says about itself. */
import { endianness } from 'node:os';
import type { WslListener, WslNetworking } from '../../model/wsl.ts';
import { canonicalAddress } from '../sockets/canonical.ts';
import { parseProcNetTcp } from '../sockets/proc-net.ts';

const MODES: readonly WslNetworking[] = ['nat', 'mirrored', 'bridged', 'virtioproxy', 'none'];

/** The one word of `wslinfo --networking-mode`; null for anything else. */
export function parseNetworking(text: string): WslNetworking | null {
  const word = text.trim().toLowerCase();
  return MODES.find((mode) => mode === word) ?? null;
}

/** WSL 1 has a kernel of its own name, written with a capital M (`4.4.0-19041-Microsoft`); WSL 2 runs a real one. */
export function kernelVersion(release: string): 1 | 2 {
  return release.endsWith('-Microsoft') ? 1 : 2;
}

/** The IPv4 gateway of the default route with the least metric, from /proc/net/route; null when there is none. */
export function defaultGateway(text: string, order: 'LE' | 'BE' = endianness()): string | null {
  const routes = text.split('\n').flatMap((line) => {
    const [, destination, gateway, flags, , , metric, mask] = line.trim().split(/\s+/);
    // RTF_GATEWAY of the kernel's include/uapi/linux/route.h.
    const hasGateway = (Number.parseInt(flags ?? '', 16) & 2) !== 0;
    return destination === '00000000' && mask === '00000000' && gateway?.length === 8 && hasGateway
      ? [{ gateway, metric: Number(metric) }]
      : [];
  });
  const best = routes.sort((a, b) => a.metric - b.metric)[0];
  if (best === undefined) return null;
  const bytes = Buffer.from(best.gateway, 'hex');
  return (order === 'LE' ? bytes.reverse() : bytes).join('.');
}

/** What one question to a distribution brings; see {@link LINUX_QUESTION}. */
export interface LinuxSide {
  readonly listeners: readonly WslListener[];
  readonly networking: WslNetworking | null;
  readonly addresses: readonly string[];
}

/** A script for `wsl.exe --exec sh -c`: sockets, mode and addresses in one go, with nothing that a small distribution lacks. */
export const LINUX_QUESTION = [
  'echo mcpreach:tcp; cat /proc/net/tcp',
  'echo mcpreach:tcp6; cat /proc/net/tcp6 2>/dev/null',
  'echo mcpreach:networking; wslinfo --networking-mode 2>/dev/null',
  'echo mcpreach:addresses; hostname -I 2>/dev/null || hostname -i 2>/dev/null',
].join('; ');

/** The answer to {@link LINUX_QUESTION}; WSL runs on little-endian machines only. */
export function parseLinuxSide(text: string): LinuxSide {
  const parts = new Map(
    text.split(/^mcpreach:/m).map((part) => {
      const end = part.indexOf('\n');
      return [part.slice(0, end).trim(), part.slice(end + 1)];
    }),
  );
  const rows = [...parseProcNetTcp(parts.get('tcp') ?? '', 4, 'LE'), ...parseProcNetTcp(parts.get('tcp6') ?? '', 6, 'LE')];
  const words = (parts.get('addresses') ?? '').split(/\s+/);
  return {
    listeners: rows.map(({ address, family, port }) => ({ address, family, port, program: null, file: null })),
    networking: parseNetworking(parts.get('networking') ?? ''),
    addresses: words.filter((word) => canonicalAddress(word)?.family === 4 && !word.startsWith('127.')),
  };
}
