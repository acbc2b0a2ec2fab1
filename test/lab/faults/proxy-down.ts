import { defineFault, defineNearMiss } from '../fault.ts';
import { createAuthority, tlsOptions } from '../certificates.ts';
import { closeAtOnce, silent } from '../servers/raw-tcp.ts';
import { startSquid } from '../servers/daemons.ts';
import { statefulV1 } from '../servers/sdk-v1.ts';

function proxied(proxy: string): Record<string, string> {
  return { HTTP_PROXY: proxy, http_proxy: proxy, HTTPS_PROXY: proxy, https_proxy: proxy };
}

const DOWN = { status: 'failed', cause: 'proxy-down', layer: 'proxy', notCauses: ['server-not-running', 'proxy-intercepts'] } as const;

export default [
  defineFault({
    id: 'proxy-down/refuses',
    group: 'network',
    network: {},
    async arrange(bench) {
      const server = await bench.listen(statefulV1());
      const port = await bench.freePort();
      return {
        url: server.url(),
        env: proxied(`http://127.0.0.1:${port}`),
        args: ['--patience', '0'],
        check: (run) => (run.stdout.includes(String(port)) ? [] : ['does not name the address of the proxy']),
      };
    },
    expect: DOWN,
  }),
  defineFault({
    id: 'proxy-down/refuses-tls-target',
    group: 'network',
    network: {},
    async arrange(bench) {
      const authority = await createAuthority();
      const server = await bench.listen(statefulV1(), { tls: tlsOptions(await authority.leaf()) });
      const port = await bench.freePort();
      return {
        url: server.url(),
        env: proxied(`http://127.0.0.1:${port}`),
        args: ['--patience', '0', '--ca', await bench.file('ca.pem', authority.certificate)],
      };
    },
    expect: DOWN,
  }),
  defineFault({
    id: 'proxy-down/name-does-not-resolve',
    group: 'network',
    network: {},
    async arrange(bench) {
      const server = await bench.listen(statefulV1());
      return { url: server.url(), env: proxied('http://proxy.corp.example:3128') };
    },
    expect: { ...DOWN, notCauses: ['dns-failure', 'proxy-intercepts'] },
  }),
  defineFault({
    id: 'proxy-down/never-answers',
    group: 'network',
    network: {},
    async arrange(bench) {
      const server = await bench.listen(statefulV1());
      const proxy = await bench.tcp(silent);
      return { url: server.url(), env: proxied(proxy.url('')), args: ['--timeout', '1500'] };
    },
    expect: { ...DOWN, notCauses: ['timeout-hang'] },
  }),
  defineFault({
    id: 'proxy-down/closes-the-connection',
    group: 'network',
    network: {},
    async arrange(bench) {
      const server = await bench.listen(statefulV1());
      const proxy = await bench.tcp(closeAtOnce);
      return { url: server.url(), env: proxied(proxy.url('')) };
    },
    expect: { status: 'failed', cause: ['proxy-down', 'proxy-intercepts'], notCauses: ['connection-reset'] },
  }),
  defineFault({
    id: 'proxy-down/target-behind-it-is-unreachable',
    group: 'network',
    network: {},
    async arrange(bench) {
      return { url: 'http://10.99.0.7:3000/mcp', env: proxied(`http://127.0.0.1:${await bench.freePort()}`), args: ['--patience', '0'] };
    },
    expect: { status: 'failed', cause: 'proxy-down' },
  }),
  defineNearMiss({
    id: 'proxy-down/does-not-concern-this-scheme',
    group: 'network',
    network: {},
    async arrange(bench) {
      const server = await bench.listen(statefulV1());
      const dead = `http://127.0.0.1:${await bench.freePort()}`;
      return { url: server.url(), env: { HTTPS_PROXY: dead, https_proxy: dead } };
    },
    expect: { status: 'ok', notCauses: ['proxy-down'] },
  }),
  defineNearMiss({
    id: 'proxy-down/proxy-lives-target-does-not',
    group: 'network',
    needs: ['squid'],
    network: {},
    async arrange(bench) {
      const squid = await startSquid(bench, { rules: 'http_access allow all' });
      return { url: `http://127.0.0.1:${await bench.freePort()}/mcp`, env: proxied(squid.url('')), args: ['--patience', '0'] };
    },
    expect: { status: 'failed', cause: 'server-not-running', notCauses: ['proxy-down'] },
  }),
];
