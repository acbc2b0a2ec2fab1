import { defineFault, defineNearMiss, THERE } from '../fault.ts';
import { createSelfSigned, tlsOptions } from '../certificates.ts';
import { startNginx } from '../servers/daemons.ts';
import { statefulV1, statelessV1 } from '../servers/sdk-v1.ts';

export default [
  defineFault({
    id: 'tls-self-signed/node',
    group: 'tls',
    async arrange(bench) {
      const server = await bench.listen(statefulV1(), { tls: tlsOptions(await createSelfSigned()) });
      return { url: server.url() };
    },
    expect: { status: 'failed', cause: 'tls-self-signed', layer: 'tls', remedy: /NODE_EXTRA_CA_CERTS|--ca/ },
  }),
  defineFault({
    id: 'tls-self-signed/nginx',
    group: 'tls',
    needs: ['nginx'],
    async arrange(bench) {
      const server = await bench.listen(statelessV1());
      const nginx = await startNginx(bench, {
        tls: await createSelfSigned(),
        server: `location / { proxy_pass http://127.0.0.1:${server.port}; }`,
      });
      return { url: nginx.url() };
    },
    expect: { status: 'failed', cause: 'tls-self-signed' },
  }),
  defineFault({
    id: 'tls-self-signed/other-machine',
    group: 'tls',
    needs: ['nginx'],
    network: { peer: true },
    async arrange(bench) {
      const tls = await createSelfSigned({ names: [THERE] });
      const nginx = await startNginx(bench, { tls, host: THERE, port: 8443, there: true, server: 'return 404;' });
      return { url: nginx.url() };
    },
    expect: { status: 'failed', cause: 'tls-self-signed', layer: 'tls' },
  }),
  defineNearMiss({
    id: 'tls-self-signed/trusted-by-option',
    group: 'tls',
    async arrange(bench) {
      const leaf = await createSelfSigned();
      const server = await bench.listen(statefulV1(), { tls: tlsOptions(leaf) });
      return { url: server.url(), args: ['--ca', await bench.file('server.pem', leaf.certificate)] };
    },
    expect: { status: 'ok', notCauses: ['tls-self-signed'] },
  }),
];
