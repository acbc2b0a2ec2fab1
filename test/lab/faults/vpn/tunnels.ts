import type { Bench } from '../../bench.ts';
import { asOrdinaryUser } from '../../engines/ordinary-user.ts';
import { type Arranged, THERE, defineFault, defineNearMiss } from '../../fault.ts';
import { findProgram } from '../../needs.ts';
import { openTunnel, openTunnelToPeer } from '../../servers/tunnel.ts';
import { CARRIED, FAR, PATIENCE_MS, orphan } from './shared.ts';

export default [
  defineFault({
    id: 'vpn/program-is-gone',
    group: 'network',
    within: PATIENCE_MS,
    needs: ['tun'],
    network: {},
    async arrange(bench) {
      await orphan(bench, 'vpn');
      await bench.run('ip', 'route', 'add', CARRIED, 'dev', 'vpn');
      return FAR;
    },
    expect: { status: 'failed', cause: 'vpn', certainty: 'proved', layer: 'tcp', says: /tunnel vpn\b.*not connected/ },
  }),
  defineFault({
    id: 'vpn/as-an-ordinary-user',
    group: 'network',
    within: PATIENCE_MS,
    needs: ['tun', 'curl', 'ordinary-user'],
    network: { peer: true },
    // The lookup, the counters and the other interface: all without a right of root's.
    async arrange(bench) {
      await openTunnel(bench, { name: 'tun0', does: ['swallow'], carries: ['10.77.0.0/25'] });
      const server = await bench.serve('v1-stateful', { host: THERE, there: true });
      return { ...(await asOrdinaryUser(bench)), url: server.url() };
    },
    expect: { status: 'failed', cause: 'vpn', certainty: 'proved', says: /local network of near[\s\S]*took \d+ packets/ },
  }),
  defineFault({
    id: 'vpn/without-iproute2',
    group: 'network',
    within: PATIENCE_MS,
    needs: ['tun', 'curl'],
    network: { peer: true },
    async arrange(bench) {
      await openTunnel(bench, { name: 'tun0', does: ['swallow'], carries: ['10.77.0.0/25'] });
      const server = await bench.serve('v2-dual', { host: THERE, there: true });
      // Seen by this case alone: `ip netns exec` gives each its own mounts.
      await bench.run('mount', '--bind', '/dev/null', findProgram('ip') ?? 'ip');
      return { url: server.url() };
    },
    expect: { status: 'failed', cause: 'vpn', certainty: 'proved', says: /local network of near[\s\S]*took \d+ packets/ },
  }),
  defineFault({
    id: 'vpn/tunnel-swallows',
    group: 'network',
    within: PATIENCE_MS,
    needs: ['tun'],
    network: {},
    async arrange(bench) {
      await openTunnel(bench, { name: 'tun0', does: ['swallow'], carries: [CARRIED] });
      return FAR;
    },
    expect: { status: 'failed', cause: 'vpn', certainty: 'likely', says: /tun0.*nothing comes back/s },
  }),
  defineFault({
    id: 'vpn/tailscale-takes-everything',
    group: 'network',
    within: PATIENCE_MS,
    needs: ['tun'],
    network: { peer: true },
    // Two halves beat the default route without replacing it: how VPN clients take all traffic.
    async arrange(bench) {
      await bench.run('ip', 'route', 'add', 'default', 'via', THERE);
      await openTunnel(bench, { name: 'tailscale0', does: ['swallow'], carries: ['0.0.0.0/1', '128.0.0.0/1'] });
      return { url: 'http://203.0.113.7:3000/mcp' };
    },
    expect: { status: 'failed', cause: 'vpn', says: /Tailscale tunnel tailscale0/ },
  }),
  defineFault({
    id: 'vpn/rule-sends-it-into-the-tunnel',
    group: 'network',
    within: PATIENCE_MS,
    needs: ['tun'],
    network: { peer: true },
    async arrange(bench) {
      await bench.run('ip', 'route', 'add', 'default', 'via', THERE);
      await openTunnel(bench, { name: 'wg0', does: ['swallow'] });
      await bench.run('ip', 'route', 'add', 'default', 'dev', 'wg0', 'table', '51820');
      await bench.run('ip', 'rule', 'add', 'to', CARRIED, 'table', '51820');
      return FAR;
    },
    expect: { status: 'failed', cause: 'vpn', says: /WireGuard tunnel wg0[\s\S]*51820/ },
  }),
  defineFault({
    id: 'vpn/far-end-is-gone',
    group: 'network',
    within: PATIENCE_MS,
    needs: ['tun'],
    network: { peer: true },
    async arrange(bench) {
      await openTunnelToPeer(bench, { name: 'tun0', carries: [CARRIED] });
      await bench.runThere('ip', 'link', 'set', 'far', 'down');
      return FAR;
    },
    expect: { status: 'failed', cause: 'vpn', says: /tun0/ },
  }),
  defineFault({
    id: 'vpn/far-end-knows-no-such-network',
    group: 'network',
    within: PATIENCE_MS,
    needs: ['tun'],
    network: {},
    async arrange(bench) {
      await openTunnel(bench, { name: 'gpd0', does: ['icmp', '0'], carries: [CARRIED] });
      return FAR;
    },
    expect: { status: 'failed', cause: 'vpn', says: /GlobalProtect tunnel gpd0.*no route/ },
  }),
  defineFault({
    id: 'vpn/takes-the-local-network',
    group: 'network',
    within: PATIENCE_MS,
    needs: ['tun', 'curl'],
    network: { peer: true },
    // More specific than the route of the network itself: the host next door is looked for in the tunnel.
    async arrange(bench) {
      await openTunnel(bench, { name: 'cscotun0', does: ['swallow'], carries: ['10.77.0.0/25'] });
      const server = await bench.serve('v2-dual', { host: THERE, there: true });
      return { url: server.url() };
    },
    expect: { status: 'failed', cause: 'vpn', certainty: 'proved', says: /Cisco Secure Client tunnel cscotun0.*local network of near/ },
  }),
  defineFault({
    id: 'vpn/works-beside-the-tunnel',
    group: 'network',
    within: PATIENCE_MS,
    needs: ['tun', 'curl'],
    network: { peer: true },
    arrange: (bench) => beside(bench, '10.99.0.7'),
    expect: { status: 'failed', cause: 'vpn', certainty: 'proved', says: /NordVPN tunnel nordlynx.*over near \(gateway 10\.77\.0\.2\)/ },
  }),
  // Whoever sends public traffic through a tunnel does not want it seen outside: nothing is asked around it.
  defineNearMiss({
    id: 'vpn/public-address-beside-the-tunnel',
    group: 'network',
    within: PATIENCE_MS,
    needs: ['tun', 'curl'],
    network: { peer: true },
    arrange: (bench) => beside(bench, '203.0.113.7'),
    expect: { status: 'failed', cause: 'host-unreachable', certainty: 'likely', notCauses: ['vpn'] },
  }),
  defineFault({
    id: 'vpn/ipv6-through-a-silent-tunnel',
    group: 'network',
    within: PATIENCE_MS,
    needs: ['tun', 'ipv6'],
    network: {},
    async arrange(bench) {
      await openTunnel(bench, { name: 'tun0', does: ['swallow'], address: 'fd08::2/64', carries: ['2001:db8::/32'] });
      return { url: 'http://[2001:db8::7]:3000/mcp' };
    },
    expect: { status: 'failed', cause: 'vpn', says: /\[2001:db8::7\]:3000 goes through the tunnel tun0/ },
  }),
];

/** A server behind the gateway, and a tunnel that takes everything, has traffic of its own, and does not lead there. */
async function beside(bench: Bench, address: string): Promise<Arranged> {
  await bench.runThere('ip', 'address', 'add', `${address}/32`, 'dev', 'lo');
  await bench.run('ip', 'route', 'add', 'default', 'via', THERE);
  await openTunnel(bench, { name: 'nordlynx', does: ['chatter'], carries: ['0.0.0.0/1', '128.0.0.0/1'] });
  const server = await bench.serve('v1-stateful', { host: address, there: true });
  return { url: server.url() };
}
