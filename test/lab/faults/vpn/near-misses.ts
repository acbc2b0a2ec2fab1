import { THERE, defineNearMiss } from '../../fault.ts';
import { openTunnel, openTunnelToPeer } from '../../servers/tunnel.ts';
import { CARRIED, FAR, PATIENCE_MS, orphan } from './shared.ts';

export default [
  defineNearMiss({
    id: 'vpn/name-server-beside-a-dead-tunnel',
    group: 'network',
    within: PATIENCE_MS,
    needs: ['tun'],
    network: { peer: true, resolver: `nameserver ${THERE}\noptions timeout:1 attempts:1\n` },
    async arrange(bench) {
      await orphan(bench, 'tun0');
      return { url: 'http://mcp.corp.test:3000/mcp' };
    },
    expect: { status: 'failed', cause: 'dns-failure', notCauses: ['vpn'] },
  }),
  defineNearMiss({
    id: 'vpn/tunnel-works',
    group: 'network',
    within: PATIENCE_MS,
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
    within: PATIENCE_MS,
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
    within: PATIENCE_MS,
  }),
  defineNearMiss({
    id: 'vpn/dead-tunnel-beside-a-server-that-works',
    group: 'network',
    within: PATIENCE_MS,
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
    within: PATIENCE_MS,
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
    within: PATIENCE_MS,
    needs: ['tun'],
    network: {},
    async arrange(bench) {
      await openTunnel(bench, { name: 'tun0', does: ['icmp', '1'], carries: [CARRIED] });
      return FAR;
    },
    expect: { status: 'failed', cause: 'host-unreachable', notCauses: ['vpn'], says: /tun0/ },
  }),
  defineNearMiss({
    id: 'vpn/machine-on-a-tap-is-off',
    group: 'network',
    needs: ['tun'],
    network: {},
    // How a virtual machine is joined: no VPN, and nobody answers there.
    async arrange(bench) {
      await openTunnel(bench, { name: 'vm-tap', kind: 'tap', does: ['swallow'], address: '10.8.0.2/24' });
      return { url: 'http://10.8.0.9:3000/mcp' };
    },
    expect: { status: 'failed', cause: 'host-unreachable', notCauses: ['vpn'], says: /vm-tap/ },
    within: PATIENCE_MS,
  }),
  defineNearMiss({
    id: 'vpn/filter-in-front-of-the-tunnel',
    group: 'network',
    within: PATIENCE_MS,
    needs: ['tun', 'nft'],
    network: {},
    // The tunnel would swallow it as well, but no packet gets that far.
    async arrange(bench) {
      await openTunnel(bench, { name: 'tun0', does: ['swallow'], carries: [CARRIED] });
      await bench.run('nft', 'add table inet filter; add chain inet filter output { type filter hook output priority 0; }');
      await bench.run('nft', 'add rule inet filter output tcp dport 3000 counter drop');
      return FAR;
    },
    expect: { status: 'failed', cause: 'firewall-drop', notCauses: ['vpn'] },
  }),
];
