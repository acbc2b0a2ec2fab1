import type { Bench } from '../bench.ts';
import { createAuthority, type LeafOptions, tlsOptions } from '../certificates.ts';
import { type Arranged, defineFault, defineNearMiss } from '../fault.ts';
import { statefulV1 } from '../servers/sdk-v1.ts';

const HOSTS = '127.0.0.1 localhost mcp.lab.test deep.mcp.lab.test\n';

async function named(bench: Bench, leaf: LeafOptions, host: string): Promise<Arranged> {
  const root = await createAuthority();
  const server = await bench.listen(statefulV1(), { tls: tlsOptions(await root.leaf(leaf)) });
  return { url: server.url('/mcp', host), args: ['--ca', await bench.file('ca.pem', root.certificate)] };
}

export default [
  defineFault({
    id: 'tls-hostname/address-not-covered',
    group: 'tls',
    arrange: (bench) => named(bench, { names: ['localhost'] }, '127.0.0.1'),
    expect: { status: 'failed', cause: 'tls-hostname', layer: 'tls', says: /localhost/ },
  }),
  defineFault({
    id: 'tls-hostname/another-name',
    group: 'tls',
    network: { hosts: HOSTS },
    arrange: (bench) => named(bench, { names: ['www.lab.test', 'lab.test'] }, 'mcp.lab.test'),
    expect: { status: 'failed', cause: 'tls-hostname', says: /www\.lab\.test/ },
  }),
  defineFault({
    id: 'tls-hostname/wildcard-one-level-only',
    group: 'tls',
    network: { hosts: HOSTS },
    arrange: (bench) => named(bench, { names: ['*.lab.test'] }, 'deep.mcp.lab.test'),
    expect: { status: 'failed', cause: 'tls-hostname' },
  }),
  defineFault({
    id: 'tls-hostname/common-name-does-not-count',
    group: 'tls',
    network: { hosts: HOSTS },
    arrange: (bench) => named(bench, { names: ['other.lab.test'], commonName: 'mcp.lab.test' }, 'mcp.lab.test'),
    expect: { status: 'failed', cause: 'tls-hostname' },
  }),
  defineNearMiss({
    id: 'tls-hostname/wildcard-covers',
    group: 'tls',
    network: { hosts: HOSTS },
    arrange: (bench) => named(bench, { names: ['*.lab.test'] }, 'mcp.lab.test'),
    expect: { status: 'ok', notCauses: ['tls-hostname'] },
  }),
  defineNearMiss({
    id: 'tls-hostname/address-covered',
    group: 'tls',
    arrange: (bench) => named(bench, { names: ['127.0.0.1'] }, '127.0.0.1'),
    expect: { status: 'ok', notCauses: ['tls-hostname'] },
  }),
];
