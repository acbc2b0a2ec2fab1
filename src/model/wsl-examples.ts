/** Short forms for the evidence about WSL in a cause's examples. */
import type { Measured } from './evidence.ts';
import type { WslEvidence, WslListener, WslSettings } from './wsl.ts';

export const EXAMPLE_SETTINGS: WslSettings = {
  file: 'C:\\Users\\ada\\.wslconfig',
  exists: true,
  networkingMode: null,
  localhostForwarding: null,
  hostAddressLoopback: null,
  ignoredPorts: [],
};

/** Listeners on port 3000 of the other side. */
export function onTheOtherSide(...addresses: string[]): Measured<readonly WslListener[]> {
  const value = addresses.map((address) => ({
    address,
    family: address.includes(':') ? (6 as const) : (4 as const),
    port: 3000,
    program: 'node',
    file: 'C:\\Program Files\\nodejs\\node.exe',
  }));
  return { kind: 'measured', value };
}

/** Seen from a Linux with NAT networking: a server in Windows that listens at any address. */
export function wsl(more: Partial<WslEvidence> = {}): WslEvidence {
  return {
    side: 'linux',
    distribution: 'Ubuntu',
    networking: { kind: 'measured', value: 'nat' },
    listeners: onTheOtherSide('0.0.0.0'),
    settings: { kind: 'measured', value: EXAMPLE_SETTINGS },
    portProxies: { kind: 'measured', value: [] },
    doors: [{ address: '172.28.112.1', family: 4 }],
    adapter: 'vEthernet (WSL (Hyper-V firewall))',
    attempts: [],
    handshakes: [],
    firewall: null,
    ms: 900,
    ...more,
  };
}
