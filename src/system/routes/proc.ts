import { readdir, readFile } from 'node:fs/promises';
import { kindByName, productOf } from '../../facts/tunnels.ts';
import type { InterfaceFacts, InterfaceKind } from '../../model/routes.ts';
import { defaultsOf } from './ip-json.ts';
import { parseProcArp, parseProcDev, parseProcRoute, parseProcRoute6, routeFrom } from './proc-route.ts';
import type { RouteReader } from './reader.ts';
import { readWireguardPeer } from './wireguard.ts';

/** Linux without iproute2 (or with busybox's): the main table alone, from /proc, and what sysfs says about interfaces. */
export const procRoutes: RouteReader = {
  choosesDevice: true,
  wireguardPeer: readWireguardPeer,

  async lookup(address, _signal, device) {
    const entries = await readEntries(address.family);
    if (entries === null) return { kind: 'not-measured', why: 'neither iproute2 nor /proc/net/route can be read here' };
    return { kind: 'measured', value: routeFrom(entries, address, device) };
  },

  async interfaces() {
    const counters = parseProcDev((await read('/proc/self/net/dev')) ?? '');
    if (counters.size === 0) return { kind: 'not-measured', why: '/proc/net/dev cannot be read' };
    // /sys may show another network namespace than ours: only interfaces that we have count.
    const folders = new Set(await readdir('/sys/class/net').catch(() => []));
    const value = await Promise.all(
      [...counters].map(async ([name, counted]): Promise<InterfaceFacts> => {
        const file = (part: string) => (folders.has(name) ? read(`/sys/class/net/${name}/${part}`) : null);
        const [flags, carrier, mtu, kind] = await Promise.all([file('flags'), file('carrier'), file('mtu'), kindOf(name, file)]);
        return {
          name,
          kind,
          product: productOf(name),
          up: flags === null || (Number(flags) & 1) === 1,
          carrier: carrier === null ? null : carrier.trim() === '1',
          mtu: mtu === null ? null : Number(mtu),
          counters: counted,
        };
      }),
    );
    return { kind: 'measured', value };
  },

  async defaults() {
    const [four, six] = await Promise.all([readEntries(4), readEntries(6)]);
    if (four === null) return { kind: 'not-measured', why: '/proc/net/route cannot be read' };
    return { kind: 'measured', value: [...defaultsOf(four, 4), ...defaultsOf(six ?? [], 6)] };
  },

  neighbours: async () => parseProcArp((await read('/proc/self/net/arp')) ?? ''),
};

async function readEntries(family: 4 | 6) {
  const text = await read(family === 4 ? '/proc/self/net/route' : '/proc/self/net/ipv6_route');
  return text === null ? null : family === 4 ? parseProcRoute(text) : parseProcRoute6(text);
}

/** `tun_flags` exists for tun and tap only (IFF_TAP is 2); DEVTYPE and the ARP hardware type tell the rest. */
async function kindOf(name: string, file: (part: string) => Promise<string | null> | null): Promise<InterfaceKind> {
  const [tun, event, type] = await Promise.all([file('tun_flags'), file('uevent'), file('type')]);
  if (tun !== null) return (Number(tun) & 2) === 2 ? 'tap' : 'tun';
  const device = /^DEVTYPE=(\w+)$/m.exec(event ?? '')?.[1];
  if (device === 'wireguard' || device === 'ppp' || device === 'bridge') return device;
  return type?.trim() === '772' ? 'loopback' : kindByName(name);
}

function read(file: string): Promise<string | null> {
  // An interface that is switched off has no carrier file that can be read.
  return readFile(file, 'utf8').catch(() => null);
}
