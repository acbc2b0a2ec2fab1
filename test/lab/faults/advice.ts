import { createAuthority } from '../certificates.ts';
import { defineFault, defineNearMiss, HERE, THERE } from '../fault.ts';
import { proxyTo, startEverything, startNginx } from '../servers/daemons.ts';
import { statefulV1, statelessV1 } from '../servers/sdk-v1.ts';
import { dualV2 } from '../servers/sdk-v2.ts';

export default [
  defineFault({
    id: 'exposed-to-network/all-ipv4',
    group: 'advice',
    network: {},
    arrange: async (bench) => ({ url: (await bench.listen(statefulV1(), { host: '0.0.0.0' })).url('/mcp', '127.0.0.1') }),
    expect: { status: 'ok', findings: ['exposed-to-network'] },
  }),
  defineFault({
    id: 'exposed-to-network/everything-binds-all',
    group: 'advice',
    network: {},
    arrange: async (bench) => ({ url: (await startEverything(bench, 'streamableHttp')).url() }),
    expect: { status: 'ok', findings: ['exposed-to-network'] },
  }),
  defineNearMiss({
    id: 'exposed-to-network/loopback-only',
    group: 'advice',
    network: {},
    arrange: async (bench) => ({ url: (await bench.listen(dualV2())).url() }),
    expect: { status: 'ok', notCauses: ['exposed-to-network'] },
  }),
  defineNearMiss({
    id: 'exposed-to-network/guarded-by-a-token',
    group: 'advice',
    network: {},
    arrange: async (bench) => ({
      url: (await bench.listen(statefulV1({ token: 'right-token-3' }), { host: '0.0.0.0' })).url('/mcp', '127.0.0.1'),
      args: ['--header', 'Authorization: Bearer right-token-3'],
    }),
    expect: { status: 'ok', notCauses: ['exposed-to-network'] },
  }),
  defineFault({
    id: 'popular-port/3000',
    group: 'advice',
    network: {},
    arrange: async (bench) => ({ url: (await bench.listen(statefulV1(), { port: 3000 })).url() }),
    expect: { status: 'ok', findings: ['popular-port'] },
  }),
  defineFault({
    id: 'popular-port/8080',
    group: 'advice',
    network: {},
    arrange: async (bench) => ({ url: (await bench.listen(statelessV1(), { port: 8080 })).url() }),
    expect: { status: 'ok', findings: ['popular-port'] },
  }),
  defineNearMiss({
    id: 'popular-port/43117',
    group: 'advice',
    network: {},
    arrange: async (bench) => ({ url: (await bench.listen(statefulV1(), { port: 43117 })).url() }),
    expect: { status: 'ok', notCauses: ['popular-port'] },
  }),
  defineFault({
    id: 'localhost-in-url/name',
    group: 'advice',
    network: { hosts: '127.0.0.1 localhost\n::1 localhost\n' },
    arrange: async (bench) => ({ url: (await bench.listen(statefulV1(), { host: '::' })).url('/mcp', 'localhost') }),
    expect: { status: 'ok', findings: ['localhost-in-url'] },
  }),
  defineNearMiss({
    id: 'localhost-in-url/literal',
    group: 'advice',
    network: {},
    arrange: async (bench) => ({ url: (await bench.listen(statefulV1())).url() }),
    expect: { status: 'ok', notCauses: ['localhost-in-url'] },
  }),
  defineFault({
    id: 'plaintext-remote/other-machine',
    group: 'advice',
    network: { peer: true },
    arrange: async (bench) => ({ url: (await bench.serve('v1-stateful', { host: THERE, there: true })).url() }),
    expect: { status: 'ok', findings: ['plaintext-remote'] },
  }),
  defineNearMiss({
    id: 'plaintext-remote/over-tls',
    group: 'advice',
    needs: ['nginx'],
    network: { peer: true },
    async arrange(bench) {
      const root = await createAuthority();
      const server = await bench.serve('v1-stateless', { host: '127.0.0.1', there: true });
      const nginx = await startNginx(bench, {
        tls: await root.leaf({ names: [THERE] }),
        host: THERE,
        port: 8443,
        there: true,
        server: proxyTo(`http://127.0.0.1:${server.port}`),
      });
      return { url: nginx.url(), args: ['--ca', await bench.file('ca.pem', root.certificate)] };
    },
    expect: { status: 'ok', notCauses: ['plaintext-remote'] },
  }),
  defineNearMiss({
    id: 'plaintext-remote/own-address',
    group: 'advice',
    network: { peer: true },
    arrange: async (bench) => ({ url: (await bench.listen(statelessV1(), { host: HERE })).url() }),
    expect: { status: 'ok', notCauses: ['plaintext-remote'] },
  }),
];
