import { defineFault, defineNearMiss } from '../fault.ts';
import { createAuthority, tlsOptions } from '../certificates.ts';
import { startNginx } from '../servers/daemons.ts';
import { statefulV1, statelessV1 } from '../servers/sdk-v1.ts';

export default [
  defineFault({
    id: 'tls-unknown-ca/private-root-in-the-chain',
    group: 'tls',
    async arrange(bench) {
      const authority = await createAuthority();
      const server = await bench.listen(statefulV1(), { tls: tlsOptions(await authority.leaf(), authority) });
      return { url: server.url() };
    },
    expect: { status: 'failed', cause: 'tls-unknown-ca', layer: 'tls', notCauses: ['tls-self-signed'], says: /Lab Root CA/ },
  }),
  defineFault({
    id: 'tls-unknown-ca/private-root-not-sent',
    group: 'tls',
    async arrange(bench) {
      const authority = await createAuthority();
      const server = await bench.listen(statefulV1(), { tls: tlsOptions(await authority.leaf()) });
      return { url: server.url() };
    },
    expect: { status: 'failed', cause: 'tls-unknown-ca', notCauses: ['tls-self-signed'], remedy: /NODE_EXTRA_CA_CERTS|--ca/ },
  }),
  defineFault({
    id: 'tls-unknown-ca/missing-intermediate',
    group: 'tls',
    async arrange(bench) {
      const root = await createAuthority();
      const below = await root.intermediate();
      const server = await bench.listen(statefulV1(), { tls: tlsOptions(await below.leaf()) });
      return { url: server.url(), args: ['--ca', await bench.file('ca.pem', root.certificate)] };
    },
    expect: { status: 'failed', cause: 'tls-unknown-ca', says: /intermediate/i },
  }),
  defineFault({
    id: 'tls-unknown-ca/another-root-is-trusted',
    group: 'tls',
    async arrange(bench) {
      const right = await createAuthority();
      const wrong = await createAuthority({ name: 'Some Other Root' });
      const server = await bench.listen(statefulV1(), { tls: tlsOptions(await right.leaf()) });
      return { url: server.url(), args: ['--ca', await bench.file('ca.pem', wrong.certificate)] };
    },
    expect: { status: 'failed', cause: 'tls-unknown-ca' },
  }),
  defineFault({
    id: 'tls-unknown-ca/root-was-made-anew',
    group: 'tls',
    async arrange(bench) {
      // Same name, new key: the signature does not fit.
      const [before, now] = [await createAuthority(), await createAuthority()];
      const server = await bench.listen(statefulV1(), { tls: tlsOptions(await now.leaf()) });
      return { url: server.url(), args: ['--ca', await bench.file('ca.pem', before.certificate)] };
    },
    expect: { status: 'failed', cause: 'tls-unknown-ca' },
  }),
  defineFault({
    id: 'tls-unknown-ca/nginx-without-chain',
    group: 'tls',
    needs: ['nginx'],
    async arrange(bench) {
      const root = await createAuthority();
      const leaf = await (await root.intermediate()).leaf();
      const server = await bench.listen(statelessV1());
      const nginx = await startNginx(bench, { tls: leaf, server: `location / { proxy_pass http://127.0.0.1:${server.port}; }` });
      return { url: nginx.url(), env: { NODE_EXTRA_CA_CERTS: await bench.file('ca.pem', root.certificate) } };
    },
    expect: { status: 'failed', cause: 'tls-unknown-ca' },
  }),
  defineNearMiss({
    id: 'tls-unknown-ca/root-by-variable',
    group: 'tls',
    async arrange(bench) {
      const root = await createAuthority();
      const below = await root.intermediate();
      const server = await bench.listen(statefulV1(), { tls: tlsOptions(await below.leaf(), below) });
      return { url: server.url(), env: { NODE_EXTRA_CA_CERTS: await bench.file('ca.pem', root.certificate) } };
    },
    expect: { status: 'ok', notCauses: ['tls-unknown-ca'] },
  }),
  defineNearMiss({
    id: 'tls-unknown-ca/root-by-option',
    group: 'tls',
    needs: ['nginx'],
    async arrange(bench) {
      const root = await createAuthority();
      const below = await root.intermediate();
      const leaf = await below.leaf();
      const server = await bench.listen(statelessV1());
      const tls = { certificate: leaf.certificate + below.certificate, key: leaf.key };
      const nginx = await startNginx(bench, { tls, server: `location / { proxy_pass http://127.0.0.1:${server.port}; }` });
      return { url: nginx.url(), args: ['--ca', await bench.file('ca.pem', root.certificate)] };
    },
    expect: { status: 'ok', notCauses: ['tls-unknown-ca'] },
  }),
];
