/** A proxy that opens TLS, as many companies run one. */
import { readFile } from 'node:fs/promises';
import type { Bench } from '../bench.ts';
import { createAuthority, tlsOptions } from '../certificates.ts';
import { defineFault, defineNearMiss, THERE } from '../fault.ts';
import { startMitmproxy, startNginx } from '../servers/daemons.ts';
import { statelessV1 } from '../servers/sdk-v1.ts';

const COMMON = { group: 'network', needs: ['mitmproxy'], network: {}, within: 20_000 } as const;

function proxied(proxy: string): Record<string, string> {
  return { HTTPS_PROXY: proxy, https_proxy: proxy };
}

/** A TLS server of a private authority, and the proxy in front, which trusts that authority. */
async function inspected(bench: Bench) {
  const authority = await createAuthority();
  const server = await bench.listen(statelessV1(), { tls: tlsOptions(await authority.leaf()) });
  const ca = await bench.file('ca.pem', authority.certificate);
  return { server, ca, proxy: await startMitmproxy(bench, { trusts: ca }) };
}

export default [
  defineFault({
    ...COMMON,
    id: 'proxy-intercepts/opens-tls',
    async arrange(bench) {
      const { server, ca, proxy } = await inspected(bench);
      return { url: server.url(), env: proxied(proxy.url('')), args: ['--ca', ca] };
    },
    expect: {
      status: 'failed',
      cause: 'proxy-intercepts',
      certainty: 'proved',
      says: /opens TLS with a certificate of its own, from "mitmproxy"/,
      remedy: /NODE_EXTRA_CA_CERTS/,
      notCauses: ['tls-unknown-ca'],
    },
  }),
  defineFault({
    ...COMMON,
    id: 'tls-unknown-ca/inspecting-proxy-is-the-only-way',
    needs: ['mitmproxy', 'nginx'],
    network: { peer: true },
    async arrange(bench) {
      await bench.runThere('ip', 'address', 'add', '10.66.0.2/32', 'dev', 'lo');
      const authority = await createAuthority();
      const tls = await authority.leaf({ names: ['10.66.0.2'] });
      await startNginx(bench, { server: 'location / { return 404; }', tls, host: '10.66.0.2', port: 3000, there: true });
      const trusts = await bench.file('ca.pem', authority.certificate);
      const proxy = await startMitmproxy(bench, { trusts, host: THERE, port: 8080, there: true });
      return { url: 'https://10.66.0.2:3000/mcp', env: proxied(proxy.url('')) };
    },
    expect: {
      status: 'failed',
      cause: 'tls-unknown-ca',
      says: /inside the tunnel of the proxy http:\/\/10\.77\.0\.2:8080[^]*mitmproxy/,
      remedy: /NODE_EXTRA_CA_CERTS/,
    },
  }),
  defineFault({
    ...COMMON,
    id: 'proxy-intercepts/inspecting-proxy-answers-itself',
    async arrange(bench) {
      // It does not trust the server's authority: the client, who trusts both, gets the proxy's own error page.
      const { server, ca } = await inspected(bench);
      const wary = await startMitmproxy(bench, { trusts: '/etc/ssl/certs/ca-certificates.crt' });
      const both = await bench.file('both.pem', `${await readFile(ca, 'utf8')}\n${await readFile(wary.authority, 'utf8')}`);
      return { url: server.url(), env: proxied(wary.url('')), args: ['--ca', both] };
    },
    expect: { status: 'failed', cause: 'proxy-intercepts', says: /502/, notCauses: ['upstream-down', 'tls-unknown-ca'] },
  }),
  defineNearMiss({
    ...COMMON,
    id: 'proxy-intercepts/opens-tls-and-is-trusted',
    async arrange(bench) {
      const { server, ca, proxy } = await inspected(bench);
      const both = await bench.file('both.pem', `${await readFile(ca, 'utf8')}\n${await readFile(proxy.authority, 'utf8')}`);
      return { url: server.url(), env: proxied(proxy.url('')), args: ['--ca', both] };
    },
    expect: { status: 'ok', notCauses: ['proxy-intercepts', 'tls-unknown-ca'] },
  }),
];
