/** Readers of what macOS's `route`, `ifconfig`, `netstat` and `arp` print. Pure; what cannot be read is null or left out. */
import { kindByName, productByAddress, productOf } from '../../facts/tunnels.ts';
import type { Family } from '../../model/evidence.ts';
import type { Counters, DefaultRoute, InterfaceFacts, NeighbourState, RouteFacts } from '../../model/routes.ts';
import { canonicalAddress } from '../sockets/canonical.ts';

/** The answer of `route -n get`; without an interface in it there is no route. */
export function parseRouteGet(text: string, family: Family): RouteFacts {
  const field = (name: string) => new RegExp(`^\\s*${name}: (\\S+)`, 'm').exec(text)?.[1] ?? null;
  const device = field('interface');
  const nothing = { gateway: null, source: null, prefix: null, table: null, mtu: null } as const;
  if (device === null) return { kind: 'none', device, ...nothing };
  const flags = /flags: <([^>]*)>/.exec(text)?.[1]?.split(',') ?? [];
  const refuses = flags.includes('REJECT') ? 'unreachable' : flags.includes('BLACKHOLE') ? 'blackhole' : null;
  const prefix = prefixOf(field('destination'), field('mask'), family);
  // Such routes name the loopback interface, by which nothing leaves.
  if (refuses !== null) return { kind: refuses, device: null, ...nothing, prefix };
  const gateway = flags.includes('GATEWAY') ? canonicalAddress(field('gateway') ?? '')?.address : undefined;
  const metrics = /mtu +expire *\n([^\n]+)/.exec(text)?.[1]?.trim().split(/\s+/) ?? [];
  const mtu = Number(metrics[6]);
  return {
    kind: flags.includes('LOCAL') ? 'local' : 'unicast',
    device,
    gateway: gateway ?? null,
    source: null,
    prefix,
    table: null,
    mtu: Number.isInteger(mtu) && mtu > 0 ? mtu : null,
  };
}

function prefixOf(destination: string | null, mask: string | null, family: Family): string | null {
  const whole = family === 4 ? '0.0.0.0' : '::';
  if (destination === 'default' && (mask === null || mask === 'default')) return `${whole}/0`;
  // The lower half of everything, as VPNs enter it, is called default too; only its mask tells.
  const network = canonicalAddress(destination === 'default' ? whole : (destination ?? ''));
  if (network === null) return null;
  // A host's own entry has no mask; IPv6 masks are addresses too, and not worth their counting.
  if (mask === null) return `${network.address}/${family === 4 ? 32 : 128}`;
  const ones = mask.split('.').map((byte) => Number(byte).toString(2).replaceAll('0', '').length);
  return family === 4 ? `${network.address}/${ones.reduce((sum, one) => sum + one, 0)}` : network.address;
}

/** The interfaces of `ifconfig -a`, with the counters of `netstat -ibn`. */
export function parseIfconfig(text: string, counters: ReadonlyMap<string, Counters>): readonly InterfaceFacts[] {
  return text.split(/^(?=\S)/m).flatMap((block): readonly InterfaceFacts[] => {
    const [, name, flags = '', mtu] = /^(\S+?): flags=\w+<([^>]*)>(?:.* mtu (\d+))?/.exec(block) ?? [];
    if (name === undefined) return [];
    const addresses = [...block.matchAll(/^\s+inet6? (\S+)/gm)].map(([, address = '']) => address);
    const status = /^\s+status: (\w+)/m.exec(block)?.[1];
    return [
      {
        name,
        kind: kindByName(name),
        product: productOf(name) ?? addresses.map(productByAddress).find((one) => one !== null) ?? null,
        up: flags.split(',').includes('UP'),
        carrier: status === undefined ? null : status === 'active',
        mtu: mtu === undefined ? null : Number(mtu),
        counters: counters.get(name) ?? null,
      },
    ];
  });
}

/** Counters by interface; only the link's own row counts everything. */
export function parseCounters(text: string): ReadonlyMap<string, Counters> {
  return new Map(
    text.split('\n').flatMap((line) => {
      const words = line.trim().split(/\s+/);
      // A star marks interfaces that are down.
      const name = words[0]?.replace(/\*$/, '') ?? '';
      if (!/<Link#\d+>/.test(line)) return [];
      // From the right, since tunnels have no address.
      const [received, , , sent, unsent] = words.slice(-7).map(Number);
      const all = [received, sent, unsent];
      return all.some((one) => !Number.isFinite(one)) ? [] : [[name, { received: received!, sent: sent!, unsent: unsent! }] as const];
    }),
  );
}

/** The default routes of `netstat -rn`, halves of them included; those marked `I` serve only who names their interface. */
export function parseDefaults(text: string): readonly DefaultRoute[] {
  let family: Family = 4;
  // Up to macOS 10.14, two counters stood before the interface.
  let column = 3;
  return text.split('\n').flatMap((line): readonly DefaultRoute[] => {
    if (line.startsWith('Internet')) family = line.startsWith('Internet6') ? 6 : 4;
    const words = line.trim().split(/\s+/);
    if (words[0] === 'Destination') column = words.indexOf('Netif');
    const [destination = '', gateway = '', flags = ''] = words;
    const device = words[column];
    const whole = family === 4 ? '0.0.0.0/0' : '::/0';
    const prefix = { default: whole, '0/1': '0.0.0.0/1', '128.0/1': '128.0.0.0/1', '::/1': '::/1', '8000::/1': '8000::/1' }[destination];
    if (prefix === undefined || device === undefined || flags.includes('I')) return [];
    return [{ family, device, gateway: canonicalAddress(gateway)?.address ?? null, metric: null, prefix, table: null }];
  });
}

/** The states of `arp -an`. */
export function parseArp(text: string): ReadonlyMap<string, NeighbourState> {
  return new Map(
    [...text.matchAll(/\(([\d.]+)\) at (\S+)/g)].map(
      ([, address = '', at]) => [address, at === '(incomplete)' ? 'incomplete' : 'other'] as const,
    ),
  );
}
