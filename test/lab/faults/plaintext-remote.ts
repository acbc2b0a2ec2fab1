import { createAuthority } from '../certificates.ts';
import { defineFault, defineNearMiss, HERE, THERE } from '../fault.ts';
import { proxyTo, startNginx } from '../servers/daemons.ts';
import { statelessV1 } from '../servers/sdk-v1.ts';

export default [
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
