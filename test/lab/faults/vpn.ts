import type { Bench } from '../bench.ts';
import { type Arranged, defineFault, defineNearMiss, THERE } from '../fault.ts';
import { openTunnel, openTunnelToPeer } from '../servers/tunnel.ts';

const CARRIED = '10.99.0.0/16';
const FAR: Arranged = { url: 'http://10.99.0.7:3000/mcp' };

/** A tunnel whose program has gone and left its routes. */
async function orphan(bench: Bench, name: string, kind: 'tun' | 'tap' = 'tun'): Promise<void> {
  await bench.run('ip', 'tuntap', 'add', 'dev', name, 'mode', kind);
  await bench.run('ip', 'address', 'add', '10.8.0.2/24', 'dev', name);
  await bench.run('ip', 'link', 'set', name, 'up');
}

export default [
  defineFault({
    id: 'vpn/program-is-gone',
    group: 'network',
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
    id: 'vpn/tunnel-swallows',
    group: 'network',
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
    needs: ['tun', 'curl'],
    network: { peer: true },
    async arrange(bench) {
      await bench.runThere('ip', 'address', 'add', '203.0.113.7/32', 'dev', 'lo');
      await bench.run('ip', 'route', 'add', 'default', 'via', THERE);
      await openTunnel(bench, { name: 'nordlynx', does: ['chatter'], carries: ['0.0.0.0/1', '128.0.0.0/1'] });
      const server = await bench.serve('v1-stateful', { host: '203.0.113.7', there: true });
      return { url: server.url() };
    },
    expect: { status: 'failed', cause: 'vpn', certainty: 'proved', says: /NordVPN tunnel nordlynx.*over near \(gateway 10\.77\.0\.2\)/ },
  }),
  defineFault({
    id: 'vpn/long-packets-are-lost',
    group: 'network',
    needs: ['tun'],
    network: { peer: true },
    // The tunnel believes in 1500 bytes, what carries it does not: the handshake is short, the list of tools is not.
    async arrange(bench) {
      await openTunnelToPeer(bench, { name: 'tun0', limit: 1300 });
      const server = await bench.serve('v2-dual', { host: '10.8.0.1', there: true, options: { moreTools: 20 } });
      return { url: server.url(), args: ['--timeout', '3000'] };
    },
    expect: {
      status: 'failed',
      cause: 'vpn',
      certainty: 'proved',
      layer: 'tools',
      says: /tun0.*loses long packets[\s\S]*1240 bytes are answered/,
    },
    within: 15_000,
  }),
  defineFault({
    id: 'vpn/long-requests-are-lost',
    group: 'network',
    needs: ['tun'],
    network: { peer: true },
    async arrange(bench) {
      await openTunnelToPeer(bench, { name: 'tun0', limit: 1400 });
      const server = await bench.serve('v2-dual', { host: '10.8.0.1', there: true });
      return { url: server.url(), args: ['--timeout', '3000', '--header', `X-Long: ${'x'.repeat(2000)}`] };
    },
    expect: { status: 'failed', cause: 'vpn', certainty: 'proved', layer: 'http', says: /tun0.*loses long packets/ },
    within: 15_000,
  }),
  defineFault({
    id: 'vpn/name-server-behind-a-dead-tunnel',
    group: 'network',
    needs: ['tun'],
    network: { peer: true, resolver: 'nameserver 10.8.0.53\noptions timeout:1 attempts:1\n' },
    async arrange(bench) {
      await openTunnel(bench, { name: 'tun0', does: ['swallow'] });
      return { url: 'http://mcp.corp.test:3000/mcp' };
    },
    expect: { status: 'failed', cause: 'vpn', layer: 'dns', says: /name server 10\.8\.0\.53.*mcp\.corp\.test.*tunnel tun0/ },
  }),
  defineNearMiss({
    id: 'vpn/name-server-beside-a-dead-tunnel',
    group: 'network',
    needs: ['tun'],
    network: { peer: true, resolver: `nameserver ${THERE}\noptions timeout:1 attempts:1\n` },
    async arrange(bench) {
      await orphan(bench, 'tun0');
      return { url: 'http://mcp.corp.test:3000/mcp' };
    },
    expect: { status: 'failed', cause: 'dns-failure', notCauses: ['vpn'] },
  }),
  defineNearMiss({
    id: 'vpn/server-behind-the-tunnel-hangs',
    group: 'network',
    needs: ['tun'],
    network: { peer: true },
    async arrange(bench) {
      await openTunnelToPeer(bench, { name: 'tun0' });
      const server = await bench.serve('v1-stateless', { host: '10.8.0.1', there: true, options: { delay: 60_000 } });
      return { url: server.url(), args: ['--timeout', '2000'] };
    },
    expect: { status: 'failed', cause: 'timeout-hang', notCauses: ['vpn'] },
    within: 15_000,
  }),
  defineNearMiss({
    id: 'vpn/long-answers-through-a-small-tunnel',
    group: 'network',
    needs: ['tun'],
    network: { peer: true },
    // Both ends know how little fits: nothing is lost.
    async arrange(bench) {
      await openTunnelToPeer(bench, { name: 'tun0', limit: 1300, mtu: 1280 });
      const server = await bench.serve('v2-dual', { host: '10.8.0.1', there: true, options: { moreTools: 20 } });
      return { url: server.url() };
    },
    expect: { status: 'ok', findings: ['plaintext-remote'], notCauses: ['vpn'] },
  }),
  defineNearMiss({
    id: 'vpn/tunnel-works',
    group: 'network',
    needs: ['tun'],
    network: { peer: true },
    async arrange(bench) {
      await openTunnelToPeer(bench, { name: 'tun0' });
      const server = await bench.serve('v2-dual', { host: '10.8.0.1', there: true });
      return { url: server.url() };
    },
    expect: { status: 'ok', findings: ['plaintext-remote'], notCauses: ['vpn'] },
  }),
  defineNearMiss({
    id: 'vpn/tunnel-works-and-server-refuses',
    group: 'network',
    needs: ['tun'],
    network: { peer: true },
    async arrange(bench) {
      await openTunnelToPeer(bench, { name: 'tun0' });
      return { url: 'http://10.8.0.1:3000/mcp', args: ['--patience', '0'] };
    },
    expect: { status: 'failed', cause: 'server-not-running', certainty: 'likely', notCauses: ['vpn'] },
  }),
  defineNearMiss({
    id: 'vpn/dead-tunnel-that-is-not-used',
    group: 'network',
    needs: ['tun'],
    network: { peer: true },
    async arrange(bench) {
      await orphan(bench, 'tun0');
      await bench.run('ip', 'route', 'add', CARRIED, 'dev', 'tun0');
      return { url: 'http://10.77.0.200:3000/mcp' };
    },
    expect: { status: 'failed', cause: 'host-unreachable', notCauses: ['vpn'] },
    within: 12_000,
  }),
  defineNearMiss({
    id: 'vpn/dead-tunnel-beside-a-server-that-works',
    group: 'network',
    needs: ['tun'],
    network: { peer: true },
    async arrange(bench) {
      await orphan(bench, 'wg0');
      const server = await bench.serve('v2-dual', { host: THERE, there: true });
      return { url: server.url() };
    },
    expect: { status: 'ok', findings: ['plaintext-remote'], notCauses: ['vpn', 'host-unreachable'] },
  }),
  defineNearMiss({
    id: 'vpn/live-tunnel-and-a-silent-host',
    group: 'network',
    needs: ['tun'],
    network: {},
    async arrange(bench) {
      await openTunnel(bench, { name: 'tun0', does: ['chatter'], carries: [CARRIED] });
      return FAR;
    },
    expect: { status: 'failed', cause: 'host-unreachable', notCauses: ['vpn'], says: /tun0/ },
  }),
  defineNearMiss({
    id: 'vpn/host-behind-the-tunnel-is-off',
    group: 'network',
    needs: ['tun'],
    network: {},
    async arrange(bench) {
      await openTunnel(bench, { name: 'tun0', does: ['icmp', '1'], carries: [CARRIED] });
      return FAR;
    },
    expect: { status: 'failed', cause: 'host-unreachable', notCauses: ['vpn'], says: /tun0/ },
  }),
];
