import type { Address, Measured } from '../../model/evidence.ts';
import type { PortProxy, WslEvidence, WslListener } from '../../model/wsl.ts';

/** What one side can tell about the other without touching the target's port. */
export type OtherSide = Omit<WslEvidence, 'attempts' | 'handshakes' | 'firewall' | 'ms'>;

/** Programs of Windows that pass connections on and are no server: localhost forwarding, and the service behind `netsh portproxy`. */
const RELAY = 'wslrelay';
const PORT_PROXY_HOST = 'svchost';

/** Whether a listener in Windows only passes on: to Linux, or to another address of Windows. */
export function passesOn(listener: WslListener, proxies: Measured<readonly PortProxy[]>): boolean {
  const program = listener.program?.toLowerCase().replace(/\.exe$/, '') ?? null;
  if (program === RELAY) return true;
  if (program !== null && program !== PORT_PROXY_HOST) return false;
  const rows = proxies.kind === 'measured' ? proxies.value : [];
  return rows.some(({ listenAddress, listenPort }) => listenPort === listener.port && listenAddress === listener.address);
}

/** 127.0.0.0/8 and ::1. */
export function isOnLoopback({ address }: Address): boolean {
  return address === '::1' || address.startsWith('127.');
}

/** 0.0.0.0 and ::. */
export function isOnAny({ address }: Address): boolean {
  return address === '0.0.0.0' || address === '::';
}
