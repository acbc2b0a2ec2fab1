import { asOrdinaryUser } from '../../engines/ordinary-user.ts';
import { defineFault, defineNearMiss } from '../../fault.ts';
import { joinByWireguard } from '../../servers/wireguard.ts';
import { CARRIED, FAR, PATIENCE_MS } from './shared.ts';

export default [
  defineFault({
    id: 'vpn/wireguard-peer-does-not-know-us',
    group: 'network',
    within: PATIENCE_MS,
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
    within: PATIENCE_MS,
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
    within: PATIENCE_MS,
    needs: ['tun', 'wireguard'],
    network: { peer: true },
    async arrange(bench) {
      await joinByWireguard(bench, { allowed: '10.8.0.1/32', routed: ['10.8.0.1/32', CARRIED] });
      return FAR;
    },
    expect: { status: 'failed', cause: 'vpn', certainty: 'proved', says: /WireGuard tunnel wg0.*no peer/ },
  }),
  defineNearMiss({
    id: 'vpn/wireguard-works',
    group: 'network',
    within: PATIENCE_MS,
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
    within: PATIENCE_MS,
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
];
