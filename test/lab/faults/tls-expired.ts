import type { Bench } from '../bench.ts';
import { type Authority, createAuthority, type Issued, type LeafOptions, tlsOptions } from '../certificates.ts';
import { type Arranged, defineFault, defineNearMiss } from '../fault.ts';
import { startNginx } from '../servers/daemons.ts';
import { statefulV1, statelessV1 } from '../servers/sdk-v1.ts';

/** A server whose root is trusted, with a leaf (and chain) as given. */
async function serving(bench: Bench, root: Authority, leaf: Issued, ...chain: readonly Issued[]): Promise<Arranged> {
  const server = await bench.listen(statefulV1(), { tls: tlsOptions(leaf, ...chain) });
  return { url: server.url(), args: ['--ca', await bench.file('ca.pem', root.certificate)] };
}

async function dated(bench: Bench, validity: LeafOptions): Promise<Arranged> {
  const root = await createAuthority({ fromDays: -400, toDays: 400 });
  return serving(bench, root, await root.leaf(validity));
}

export default [
  defineFault({
    id: 'tls-expired/yesterday',
    group: 'tls',
    arrange: (bench) => dated(bench, { fromDays: -90, toDays: -1 }),
    expect: { status: 'failed', cause: 'tls-expired', layer: 'tls', says: /expired/i },
  }),
  defineFault({
    id: 'tls-expired/a-year-ago',
    group: 'tls',
    arrange: (bench) => dated(bench, { fromDays: -380, toDays: -365 }),
    expect: { status: 'failed', cause: 'tls-expired', notCauses: ['tls-unknown-ca'] },
  }),
  defineFault({
    id: 'tls-expired/not-yet-valid',
    group: 'tls',
    arrange: (bench) => dated(bench, { fromDays: 2, toDays: 90 }),
    expect: { status: 'failed', cause: 'tls-expired', says: /not (?:yet )?valid|from|clock/i },
  }),
  defineFault({
    id: 'tls-expired/intermediate',
    group: 'tls',
    async arrange(bench) {
      const root = await createAuthority({ fromDays: -400, toDays: 400 });
      const below = await root.intermediate({ fromDays: -90, toDays: -2 });
      return serving(bench, root, await below.leaf(), below);
    },
    expect: { status: 'failed', cause: 'tls-expired' },
  }),
  defineFault({
    id: 'tls-expired/nginx',
    group: 'tls',
    needs: ['nginx'],
    async arrange(bench) {
      const root = await createAuthority({ fromDays: -400, toDays: 400 });
      const server = await bench.listen(statelessV1());
      const tls = await root.leaf({ fromDays: -90, toDays: -1 });
      const nginx = await startNginx(bench, { tls, server: `location / { proxy_pass http://127.0.0.1:${server.port}; }` });
      return { url: nginx.url(), args: ['--ca', await bench.file('ca.pem', root.certificate)] };
    },
    expect: { status: 'failed', cause: 'tls-expired' },
  }),
  defineNearMiss({
    id: 'tls-expired/ends-tomorrow',
    group: 'tls',
    arrange: (bench) => dated(bench, { fromDays: -89, toDays: 1 }),
    expect: { status: ['ok', 'warning'], notCauses: ['tls-unknown-ca'] },
  }),
];
