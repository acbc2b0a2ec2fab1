import { defineFault, defineNearMiss, THERE } from '../fault.ts';
import { startSquid } from '../servers/daemons.ts';
import { createAuthority, tlsOptions } from '../certificates.ts';
import { says } from '../servers/raw-tcp.ts';
import { statefulV1, statelessV1 } from '../servers/sdk-v1.ts';

/** Both spellings, since programs differ in which they read. */
function proxied(proxy: string, more: Readonly<Record<string, string>> = {}): Record<string, string> {
  return { HTTP_PROXY: proxy, http_proxy: proxy, HTTPS_PROXY: proxy, https_proxy: proxy, ...more };
}

const INTERCEPTED = { status: 'failed', cause: 'proxy-intercepts', remedy: /NO_PROXY|no_proxy/ } as const;

export default [
  defineFault({
    id: 'proxy-intercepts/squid-denies-localhost',
    group: 'network',
    needs: ['squid'],
    network: {},
    async arrange(bench) {
      const server = await bench.listen(statefulV1());
      const squid = await startSquid(bench, { rules: 'http_access deny to_localhost\nhttp_access allow all' });
      return { url: server.url(), env: proxied(squid.url('')) };
    },
    expect: { ...INTERCEPTED, certainty: 'proved' },
  }),
  defineFault({
    id: 'proxy-intercepts/squid-wants-a-password',
    group: 'network',
    needs: ['squid'],
    network: {},
    async arrange(bench) {
      const server = await bench.listen(statefulV1());
      // Never asked, since nobody sends a password; it has only to stay alive.
      const helper = '/bin/cat';
      const rules = `auth_param basic program ${helper}\nauth_param basic realm lab\nacl known proxy_auth REQUIRED\nhttp_access allow known\nhttp_access deny all`;
      const squid = await startSquid(bench, { rules });
      return { url: server.url(), env: proxied(squid.url('')) };
    },
    expect: { ...INTERCEPTED, says: /407|password|authent/i },
  }),
  defineFault({
    id: 'proxy-intercepts/squid-refuses-connect',
    group: 'network',
    needs: ['squid'],
    network: {},
    async arrange(bench) {
      const authority = await createAuthority();
      const server = await bench.listen(statefulV1(), { tls: tlsOptions(await authority.leaf()) });
      const squid = await startSquid(bench, { rules: 'acl CONNECT method CONNECT\nhttp_access deny CONNECT\nhttp_access allow all' });
      return { url: server.url(), args: ['--ca', await bench.file('ca.pem', authority.certificate)], env: proxied(squid.url('')) };
    },
    expect: { ...INTERCEPTED, says: /403|CONNECT|refus|den/i },
  }),
  defineFault({
    id: 'proxy-intercepts/proxy-means-its-own-localhost',
    group: 'network',
    needs: ['squid'],
    network: { peer: true },
    async arrange(bench) {
      // To a proxy on another machine, 127.0.0.1 is that machine: its own error page comes back.
      const server = await bench.listen(statefulV1());
      const squid = await startSquid(bench, { rules: 'http_access allow all', host: THERE, port: 3128, there: true });
      return { url: server.url(), env: proxied(squid.url('')) };
    },
    expect: { ...INTERCEPTED, notCauses: ['upstream-down', 'server-not-running'] },
  }),
  defineFault({
    id: 'proxy-intercepts/captive-portal',
    group: 'network',
    network: {},
    async arrange(bench) {
      const server = await bench.listen(statelessV1());
      // The same page for whatever is asked, CONNECT included (RFC 6585, section 6).
      const page = '<html><title>Please sign in to the guest network</title></html>';
      const head = `HTTP/1.1 511 Network Authentication Required\r\nContent-Type: text/html\r\nContent-Length: ${page.length}\r\n\r\n`;
      const portal = await bench.tcp(says(head + page));
      return { url: server.url(), env: proxied(portal.url('')) };
    },
    expect: { ...INTERCEPTED, notCauses: ['port-in-use', 'not-mcp', 'server-error'] },
  }),
  defineFault({
    id: 'proxy-intercepts/password-is-not-shown',
    group: 'network',
    needs: ['squid'],
    network: {},
    async arrange(bench) {
      const server = await bench.listen(statefulV1());
      const squid = await startSquid(bench, { rules: 'http_access deny all' });
      return { url: server.url(), env: proxied(squid.url('').replace('://', '://alice:wond3rland@')) };
    },
    expect: INTERCEPTED,
    secrets: ['wond3rland'],
  }),
  defineFault({
    id: 'proxy-intercepts/no-proxy-names-another-host',
    group: 'network',
    needs: ['squid'],
    network: {},
    async arrange(bench) {
      const server = await bench.listen(statefulV1());
      const squid = await startSquid(bench, { rules: 'http_access deny all' });
      return { url: server.url(), env: proxied(squid.url(''), { NO_PROXY: '.corp.example', no_proxy: '.corp.example' }) };
    },
    expect: INTERCEPTED,
  }),
  defineNearMiss({
    id: 'proxy-intercepts/no-proxy-lists-it',
    group: 'network',
    needs: ['squid'],
    network: {},
    async arrange(bench) {
      const server = await bench.listen(statefulV1());
      const squid = await startSquid(bench, { rules: 'http_access deny all' });
      return { url: server.url(), env: proxied(squid.url(''), { NO_PROXY: 'localhost,127.0.0.1', no_proxy: 'localhost,127.0.0.1' }) };
    },
    expect: { status: 'ok', notCauses: ['proxy-intercepts', 'proxy-down'] },
  }),
  defineNearMiss({
    id: 'proxy-intercepts/healthy-proxy',
    group: 'network',
    needs: ['squid'],
    network: {},
    async arrange(bench) {
      const server = await bench.listen(statelessV1());
      const squid = await startSquid(bench, { rules: 'http_access allow all' });
      return { url: server.url(), env: proxied(squid.url('')) };
    },
    expect: { status: ['ok', 'warning'], notCauses: ['proxy-down'] },
  }),
  defineNearMiss({
    id: 'proxy-intercepts/healthy-proxy-tls',
    group: 'network',
    needs: ['squid'],
    network: {},
    async arrange(bench) {
      const authority = await createAuthority();
      const server = await bench.listen(statefulV1(), { tls: tlsOptions(await authority.leaf()) });
      const squid = await startSquid(bench, { rules: 'http_access allow all' });
      return { url: server.url(), args: ['--ca', await bench.file('ca.pem', authority.certificate)], env: proxied(squid.url('')) };
    },
    expect: { status: ['ok', 'warning'], notCauses: ['proxy-down'] },
  }),
  defineNearMiss({
    id: 'proxy-intercepts/only-way-out',
    group: 'network',
    needs: ['squid'],
    network: { peer: true },
    async arrange(bench) {
      // The target answers through the proxy alone: directly there is no route to it.
      await bench.runThere('ip', 'address', 'add', '10.66.0.2/32', 'dev', 'lo');
      const server = await bench.serve('v1-stateful', { host: '10.66.0.2', there: true });
      const squid = await startSquid(bench, { rules: 'http_access allow all', host: THERE, port: 3128, there: true });
      return { url: server.url(), env: proxied(squid.url('')) };
    },
    expect: { status: 'ok', notCauses: ['proxy-intercepts', 'host-unreachable'] },
  }),
];
