/** What the evidence about WSL comes to. Pure. */
import type { Address, Evidence, Handshake } from './evidence.ts';
import { isLoopback, isReady, isWildcard, speaksMcp } from './view.ts';
import type { WslEvidence, WslListener } from './wsl.ts';

/** Why our side does not get to a listener on the other one. */
export type WslReason =
  /** Windows, NAT: bound to Windows' own loopback. */
  | 'windows-loopback'
  /** Windows, NAT: bound to where we dialled, and silent or rejected there. */
  | 'windows-firewall'
  /** Windows, NAT: the address that leads there is not the one in the URL, or not known. */
  | 'windows-apart'
  /** Mirrored networking shares 127.0.0.1 only, and the listener is on ::1. */
  | 'mirrored-ipv6'
  /** Mirrored networking, and the listener is on no loopback but on an address of Windows alone. */
  | 'mirrored-address'
  /** Mirrored networking, and the port is one that `.wslconfig` leaves out. */
  | 'mirrored-ignored'
  /** Mirrored networking, which should have passed this on. */
  | 'mirrored-blocked'
  /** Linux, NAT: Windows does not pass localhost on to Linux, by its settings. */
  | 'forwarding-off'
  /** Linux, NAT: Windows should pass localhost on to Linux and does not. */
  | 'forwarding-stopped'
  /** Linux, NAT: bound to an address of Linux that localhost is not passed on to. */
  | 'linux-address';

/** A listener on the other side that the client does not get to. */
export interface WslSituation {
  readonly reason: WslReason;
  /** The listener that tells most; null where only a handshake was seen. */
  readonly listener: WslListener | null;
  /** The MCP server that answered on the other side, at the address that works. */
  readonly answer: { readonly handshake: Handshake; readonly address: string; readonly ready: boolean } | null;
  /** The address by which our side reaches the other. */
  readonly door: Address | null;
}

/** The situation, or undefined when nothing on the other side can be the target. */
export function wslSituation(found: Evidence): WslSituation | undefined {
  const { wsl } = found;
  if (wsl === undefined) return undefined;
  const listeners = wsl.listeners.kind === 'measured' ? wsl.listeners.value : [];
  const best = wsl.handshakes.find(isReady) ?? wsl.handshakes.find(speaksMcp);
  // Whoever answers over there without being MCP is somebody else.
  if (best === undefined && (wsl.handshakes.length > 0 || listeners.length === 0)) return undefined;
  const answer = best?.route.kind === 'direct' ? { handshake: best, address: best.route.address, ready: isReady(best) } : null;
  const listener = listeners.find(({ address }) => !isLoopback(address)) ?? listeners[0] ?? null;
  const door = wsl.doors[0] ?? null;
  return { reason: reasonOf(found, wsl, listeners), listener, answer, door };
}

function reasonOf({ target: { port }, tcp }: Evidence, wsl: WslEvidence, listeners: readonly WslListener[]): WslReason {
  const isMirrored = wsl.networking.kind === 'measured' && wsl.networking.value === 'mirrored';
  const settings = wsl.settings.kind === 'measured' ? wsl.settings.value : null;
  const onLoopback = listeners.filter(({ address }) => isLoopback(address));
  const isLoopbackOnly = listeners.length > 0 && onLoopback.length === listeners.length;
  if (isMirrored) {
    if (settings?.ignoredPorts.includes(port)) return 'mirrored-ignored';
    if (isLoopbackOnly && onLoopback.every(({ family }) => family === 6)) return 'mirrored-ipv6';
    const isNamed = listeners.length > 0 && listeners.every(({ address }) => !isLoopback(address) && !isWildcard(address));
    return isNamed ? 'mirrored-address' : 'mirrored-blocked';
  }
  if (wsl.side === 'windows') {
    if (settings?.localhostForwarding === false) return 'forwarding-off';
    return listeners.some(({ address }) => isLoopback(address) || isWildcard(address)) ? 'forwarding-stopped' : 'linux-address';
  }
  if (isLoopbackOnly) return 'windows-loopback';
  const doors = new Set(wsl.doors.map(({ address }) => address));
  const dialled = [...wsl.attempts, ...(tcp?.attempts.filter(({ address }) => doors.has(address)) ?? [])];
  const isSilent = dialled.length > 0 && dialled.every(({ outcome }) => outcome === 'timed-out' || outcome === 'unreachable');
  return isSilent && listeners.length > 0 ? 'windows-firewall' : 'windows-apart';
}

/** How mirrored networking is had: the exact edit, or why the one that was made is not in effect. */
export function mirroredMode({ settings, networking }: WslEvidence): string {
  const known = settings.kind === 'measured' ? settings.value : null;
  const inEffect = networking.kind === 'measured' && networking.value === 'mirrored';
  const file = known?.file ?? '%USERPROFILE%\\.wslconfig';
  if (known?.networkingMode === 'mirrored' && !inEffect)
    return `${file} asks for mirrored networking, which is not in effect: WSL has not been restarted since, or Windows is older than 11 22H2.`;
  const where = known?.exists === false ? `create ${file} with the lines [wsl2] and` : `in ${file}, under [wsl2], write`;
  return `Let both sides share 127.0.0.1 (Windows 11 22H2 or newer): ${where} networkingMode=mirrored`;
}
