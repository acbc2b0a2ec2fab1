import type { Bench } from '../bench.ts';
import { type Arranged, defineFault, defineNearMiss, THERE } from '../fault.ts';
import { createSelfSigned } from '../certificates.ts';
import { asOrdinaryUser } from '../engines/ordinary-user.ts';
import { findProgram } from '../needs.ts';
import { joinByWireguard } from '../servers/wireguard.ts';
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
    id: 'vpn/as-an-ordinary-user',
    group: 'network',
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
  defineFault({
    id: 'vpn/wireguard-peer-does-not-know-us',
    group: 'network',
    needs: ['tun', 'wireguard'],
    network: { peer: true },
    async arrange(bench) {
      await joinByWireguard(bench, { allowed: '10.8.0.1/32', known: false });
      const server = await bench.serve('v2-dual', { host: '10.8.0.1', there: true });
      return { url: server.url() };
    },
    expect: {
      status: 'failed',
      cause: 'vpn',
      certainty: 'proved',
      says: /WireGuard tunnel wg0.*peer does not answer[\s\S]*10\.77\.0\.2:51820 has never answered/,
    },
  }),
  defineFault({
    id: 'vpn/wireguard-seen-by-an-ordinary-user',
    group: 'network',
    needs: ['tun', 'wireguard', 'ordinary-user'],
    network: { peer: true },
    // Who may not ask WireGuard is told how to, and gets the verdict from the counters.
    async arrange(bench) {
      await joinByWireguard(bench, { allowed: '10.8.0.1/32', known: false });
      return { ...(await asOrdinaryUser(bench)), url: 'http://10.8.0.1:3000/mcp' };
    },
    expect: { status: 'failed', cause: 'vpn', certainty: 'likely', says: /WireGuard tunnel wg0[\s\S]*sudo wg show wg0/ },
  }),
  defineFault({
    id: 'vpn/wireguard-has-no-peer-for-the-address',
    group: 'network',
    needs: ['tun', 'wireguard'],
    network: { peer: true },
    async arrange(bench) {
      await joinByWireguard(bench, { allowed: '10.8.0.1/32', routed: ['10.8.0.1/32', CARRIED] });
      return FAR;
    },
    expect: { status: 'failed', cause: 'vpn', certainty: 'proved', says: /WireGuard tunnel wg0.*no peer/ },
  }),
  defineFault({
    id: 'vpn/ipv6-through-a-silent-tunnel',
    group: 'network',
    needs: ['tun', 'ipv6'],
    network: {},
    async arrange(bench) {
      await openTunnel(bench, { name: 'tun0', does: ['swallow'], address: 'fd08::2/64', carries: ['2001:db8::/32'] });
      return { url: 'http://[2001:db8::7]:3000/mcp' };
    },
    expect: { status: 'failed', cause: 'vpn', says: /\[2001:db8::7\]:3000 goes through the tunnel tun0/ },
  }),
  defineFault({
    id: 'vpn/certificate-does-not-fit-through',
    group: 'network',
    needs: ['tun'],
    network: { peer: true },
    async arrange(bench) {
      await openTunnelToPeer(bench, { name: 'tun0', limit: 1300 });
      const names = Array.from({ length: 60 }, (_, number) => `name-${number}.mcp.example.test`);
      const leaf = await createSelfSigned({ names });
      const files = { cert: await bench.file('cert.pem', leaf.certificate), key: await bench.file('key.pem', leaf.key) };
      const source = `const { readFileSync } = require('node:fs'); require('node:https').createServer({ cert: readFileSync('${files.cert}'), key: readFileSync('${files.key}') }, (request, response) => response.end()).listen(3000, '10.8.0.1', () => console.log('up'))`;
      await bench.program(process.execPath, ['-e', source], { there: true, until: /up/ });
      return { url: 'https://10.8.0.1:3000/mcp', args: ['--timeout', '3000'] };
    },
    expect: { status: 'failed', cause: 'vpn', certainty: 'proved', layer: 'tls', says: /loses long packets/ },
    within: 20_000,
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
  defineNearMiss({
    id: 'vpn/wireguard-works',
    group: 'network',
    needs: ['tun', 'wireguard'],
    network: { peer: true },
    async arrange(bench) {
      await joinByWireguard(bench, { allowed: '10.8.0.1/32' });
      const server = await bench.serve('v2-dual', { host: '10.8.0.1', there: true });
      return { url: server.url() };
    },
    expect: { status: 'ok', findings: ['plaintext-remote'], notCauses: ['vpn'] },
  }),
  defineNearMiss({
    id: 'vpn/wireguard-works-and-the-host-is-silent',
    group: 'network',
    needs: ['tun', 'wireguard'],
    network: { peer: true },
    async arrange(bench) {
      await joinByWireguard(bench, { allowed: '10.8.0.1/32,10.99.0.0/16', routed: ['10.8.0.1/32', CARRIED] });
      await bench.runThere('ip', 'route', 'add', 'blackhole', CARRIED);
      await bench.runThere('sysctl', '-qw', 'net.ipv4.ip_forward=1');
      return FAR;
    },
    expect: { status: 'failed', cause: 'host-unreachable', notCauses: ['vpn'], says: /wg0[\s\S]*last heard \d+ s ago/ },
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
    within: 12_000,
  }),
];
