/** A proxy that opens TLS, as many companies run one. */
import type { Bench } from '../bench.ts';
import { createAuthority, tlsOptions } from '../certificates.ts';
import { defineFault, defineNearMiss } from '../fault.ts';
import { startMitmproxy } from '../servers/daemons.ts';
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
    expect: { status: 'failed', cause: ['proxy-intercepts', 'tls-unknown-ca'], says: /mitmproxy/, remedy: /NODE_EXTRA_CA_CERTS/ },
  }),
];
