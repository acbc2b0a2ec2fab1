import { createSelfSigned } from '../../certificates.ts';
import { defineFault, defineNearMiss } from '../../fault.ts';
import { openTunnel, openTunnelToPeer } from '../../servers/tunnel.ts';
import { PATIENCE_MS } from './shared.ts';

export default [
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
    within: PATIENCE_MS,
    needs: ['tun'],
    network: { peer: true, resolver: 'nameserver 10.8.0.53\noptions timeout:1 attempts:1\n' },
    async arrange(bench) {
      await openTunnel(bench, { name: 'tun0', does: ['swallow'] });
      return { url: 'http://mcp.corp.test:3000/mcp' };
    },
    expect: { status: 'failed', cause: 'vpn', layer: 'dns', says: /name server 10\.8\.0\.53.*mcp\.corp\.test.*tunnel tun0/ },
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
    id: 'vpn/server-behind-the-tunnel-hangs',
    group: 'network',
    needs: ['tun'],
    network: { peer: true },
    async arrange(bench) {
      await openTunnelToPeer(bench, { name: 'tun0' });
      const server = await bench.serve('v1-stateless', { host: '10.8.0.1', there: true, options: { delay: 60_000 } });
      return { url: server.url(), args: ['--timeout', '4000'] };
    },
    expect: { status: 'failed', cause: 'timeout-hang', notCauses: ['vpn'] },
    within: 15_000,
  }),
  defineNearMiss({
    id: 'vpn/long-answers-through-a-small-tunnel',
    group: 'network',
    within: PATIENCE_MS,
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
];
