import type { Bench } from '../bench.ts';
import type { ServerOptions } from 'node:https';
import { createAuthority, tlsOptions } from '../certificates.ts';
import { type Arranged, defineFault, defineNearMiss } from '../fault.ts';
import { startNginx } from '../servers/daemons.ts';
import { statefulV1, statelessV1 } from '../servers/sdk-v1.ts';

async function asking(bench: Bench, options: ServerOptions): Promise<Arranged> {
  const root = await createAuthority();
  const server = await bench.listen(statefulV1(), {
    tls: { ...tlsOptions(await root.leaf()), ca: root.certificate, requestCert: true, ...options },
  });
  return { url: server.url(), args: ['--ca', await bench.file('ca.pem', root.certificate)] };
}

async function askingNginx(bench: Bench, protocols: string): Promise<Arranged> {
  const root = await createAuthority();
  const ca = await bench.file('clients.pem', root.certificate);
  const server = await bench.listen(statelessV1());
  const nginx = await startNginx(bench, {
    tls: await root.leaf(),
    server: `ssl_protocols ${protocols}; ssl_verify_client on; ssl_client_certificate ${ca}; location / { proxy_pass http://127.0.0.1:${server.port}; }`,
  });
  return { url: nginx.url(), args: ['--ca', ca] };
}

const ASKED = { status: 'failed', cause: 'tls-client-cert', notCauses: ['auth-required', 'port-in-use', 'connection-reset'] } as const;

export default [
  defineFault({
    id: 'tls-client-cert/version-1.2',
    group: 'tls',
    arrange: (bench) => asking(bench, { rejectUnauthorized: true, maxVersion: 'TLSv1.2' }),
    expect: ASKED,
  }),
  defineFault({
    id: 'tls-client-cert/version-1.3',
    group: 'tls',
    arrange: (bench) => asking(bench, { rejectUnauthorized: true, minVersion: 'TLSv1.3' }),
    expect: ASKED,
  }),
  defineFault({
    id: 'tls-client-cert/nginx-version-1.2',
    group: 'tls',
    needs: ['nginx'],
    arrange: (bench) => askingNginx(bench, 'TLSv1.2'),
    expect: ASKED,
  }),
  defineFault({
    id: 'tls-client-cert/nginx-version-1.3',
    group: 'tls',
    needs: ['nginx'],
    arrange: (bench) => askingNginx(bench, 'TLSv1.3'),
    expect: ASKED,
  }),
  defineNearMiss({
    id: 'tls-client-cert/asked-and-not-required',
    group: 'tls',
    arrange: (bench) => asking(bench, { rejectUnauthorized: false }),
    expect: { status: 'ok', notCauses: ['tls-client-cert'] },
  }),
];
