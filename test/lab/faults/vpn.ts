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
