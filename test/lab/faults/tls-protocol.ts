import type { Bench } from '../bench.ts';
import type { ServerOptions } from 'node:https';
import { createAuthority, tlsOptions } from '../certificates.ts';
import { type Arranged, defineFault, defineNearMiss } from '../fault.ts';
import { startNginx } from '../servers/daemons.ts';
import { statefulV1 } from '../servers/sdk-v1.ts';

async function speaking(bench: Bench, options: ServerOptions): Promise<Arranged> {
  const root = await createAuthority();
  const server = await bench.listen(statefulV1(), { tls: { ...tlsOptions(await root.leaf()), ...options } });
  return { url: server.url(), args: ['--ca', await bench.file('ca.pem', root.certificate)] };
}

export default [
  defineFault({
    id: 'tls-protocol/version-1.1-only',
    group: 'tls',
    arrange: (bench) => speaking(bench, { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' }),
    expect: { status: 'failed', cause: 'tls-protocol', layer: 'tls', says: /TLS ?v?1(?:\.[01])?/ },
  }),
  defineFault({
    id: 'tls-protocol/nginx-old-protocols',
    group: 'tls',
    needs: ['nginx'],
    async arrange(bench) {
      const root = await createAuthority();
      const nginx = await startNginx(bench, {
        tls: await root.leaf(),
        server: 'ssl_protocols TLSv1 TLSv1.1; ssl_ciphers "ALL:@SECLEVEL=0"; return 200;',
      });
      return { url: nginx.url(), args: ['--ca', await bench.file('ca.pem', root.certificate)] };
    },
    expect: { status: 'failed', cause: 'tls-protocol' },
  }),
  defineFault({
    id: 'tls-protocol/no-common-cipher',
    group: 'tls',
    arrange: (bench) => speaking(bench, { maxVersion: 'TLSv1.2', ciphers: 'PSK:@SECLEVEL=0', pskCallback: () => null }),
    expect: { status: 'failed', cause: 'tls-protocol', notCauses: ['tls-client-cert', 'wrong-scheme'] },
  }),
  defineNearMiss({
    id: 'tls-protocol/version-1.2-only',
    group: 'tls',
    arrange: (bench) => speaking(bench, { maxVersion: 'TLSv1.2' }),
    expect: { status: 'ok', notCauses: ['tls-protocol'] },
  }),
  defineNearMiss({
    id: 'tls-protocol/version-1.3-only',
    group: 'tls',
    arrange: (bench) => speaking(bench, { minVersion: 'TLSv1.3' }),
    expect: { status: 'ok', notCauses: ['tls-protocol'] },
  }),
];
