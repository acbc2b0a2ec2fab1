import { MARK, NAME } from './proxy-recorder.ts';

/**
 * URLs and variables for the differential test. `{a}` and `{b}` stand for the ports of two recording proxies, `{t}` for
 * the target's port. Names other than localhost are resolved to loopback by the readers' drivers, never by DNS.
 */
export interface ProxyCase {
  readonly url: string;
  readonly env: Readonly<Record<string, string>>;
  /** Readers whose outcome depends on packages that may be absent (SOCKS support), so that there is nothing to compare. */
  readonly except?: readonly string[];
}

const A = 'http://127.0.0.1:{a}';
const B = 'http://127.0.0.1:{b}';
const LOCAL = `http://localhost:{t}/${MARK}`;
const V4 = `http://127.0.0.1:{t}/${MARK}`;
const V6 = `http://[::1]:{t}/${MARK}`;
const PLAIN = `http://${NAME}:{t}/${MARK}`;
const SECURE = `https://${NAME}:{t}/${MARK}`;
const PUBLIC4 = `http://192.0.2.7:{t}/${MARK}`;
const PUBLIC6 = `http://[2001:db8::7]:{t}/${MARK}`;

const WITH_SOCKS_PACKAGES = ['python', 'httpx'];

const noProxy = (url: string, list: string): ProxyCase => ({ url, env: { http_proxy: A, HTTP_PROXY: A, no_proxy: list } });
const value = (text: string, except: readonly string[] = []): ProxyCase => ({
  url: PLAIN,
  env: { http_proxy: text, HTTP_PROXY: text },
  except,
});
export const PROXY_CASES: readonly ProxyCase[] = [
  // Which variable
  { url: PLAIN, env: {} },
  { url: PLAIN, env: { HTTP_PROXY: A } },
  { url: PLAIN, env: { http_proxy: A } },
  { url: PLAIN, env: { http_proxy: A, HTTP_PROXY: B } },
  { url: PLAIN, env: { http_proxy: '', HTTP_PROXY: B } },
  { url: PLAIN, env: { HTTPS_PROXY: A } },
  { url: PLAIN, env: { ALL_PROXY: A } },
  { url: PLAIN, env: { all_proxy: A, ALL_PROXY: B } },
  { url: PLAIN, env: { http_proxy: A, all_proxy: B } },
  { url: SECURE, env: { http_proxy: A } },
  { url: SECURE, env: { HTTPS_PROXY: A } },
  { url: SECURE, env: { https_proxy: A, HTTPS_PROXY: B } },
  { url: SECURE, env: { https_proxy: '', HTTPS_PROXY: B, http_proxy: A } },
  { url: SECURE, env: { https_proxy: A, NO_PROXY: 'corp.test' } },
  { url: SECURE, env: { ALL_PROXY: A } },
  { url: PLAIN, env: { http_proxy: A, https_proxy: 'foo://127.0.0.1:{b}' } },
  // This machine
  { url: LOCAL, env: { http_proxy: A, HTTP_PROXY: A } },
  { url: V4, env: { http_proxy: A, HTTP_PROXY: A } },
  { url: V6, env: { http_proxy: A, HTTP_PROXY: A } },
  // Lists: which variable
  { url: PLAIN, env: { http_proxy: A, HTTP_PROXY: A, NO_PROXY: 'mcp.corp.test' } },
  { url: PLAIN, env: { http_proxy: A, HTTP_PROXY: A, no_proxy: 'other.test', NO_PROXY: 'mcp.corp.test' } },
  { url: PLAIN, env: { http_proxy: A, HTTP_PROXY: A, no_proxy: '', NO_PROXY: 'mcp.corp.test' } },
  // Lists: names
  noProxy(PLAIN, '*'),
  noProxy(PLAIN, 'other.test,*'),
  noProxy(PLAIN, 'mcp.corp.test'),
  noProxy(PLAIN, 'MCP.Corp.Test'),
  noProxy(PLAIN, 'corp.test'),
  noProxy(PLAIN, '.corp.test'),
  noProxy(PLAIN, '*.corp.test'),
  noProxy(PLAIN, '.mcp.corp.test'),
  noProxy(PLAIN, '*.mcp.corp.test'),
  noProxy(PLAIN, 'orp.test'),
  noProxy(PLAIN, 'mcp.corp.test.'),
  noProxy(PLAIN, 'mcp.corp.test:{t}'),
  noProxy(PLAIN, 'corp.test:{t}'),
  noProxy(PLAIN, 'mcp.corp.test:1'),
  noProxy(PLAIN, 'other.test, mcp.corp.test'),
  noProxy(PLAIN, 'other.test mcp.corp.test'),
  noProxy(PLAIN, 'mcp.corp.test other.test'),
  noProxy(PLAIN, 'mcp. corp.test'),
  noProxy(PUBLIC4, '192. 0.2.7'),
  noProxy(PLAIN, ',,mcp.corp.test,'),
  noProxy(LOCAL, 'localhost'),
  noProxy(LOCAL, '.localhost'),
  noProxy(LOCAL, 'localhost:{t}'),
  noProxy(LOCAL, '127.0.0.1,::1'),
  // Lists: addresses
  noProxy(V4, '127.0.0.1'),
  noProxy(V4, 'localhost'),
  noProxy(V4, '127.0.0.0/8'),
  noProxy(V4, '127.0.0.1:{t}'),
  noProxy(PUBLIC4, '192.0.2.7'),
  noProxy(PUBLIC4, '192.0.2.0/24'),
  noProxy(PUBLIC4, '192.0.2.0'),
  noProxy(PUBLIC4, '192.0.2.128/25'),
  noProxy(PUBLIC4, '192.0.2.7/0'),
  noProxy(PUBLIC4, '192.0.2.7/33'),
  noProxy(PUBLIC4, '192.0.2.7:{t}'),
  noProxy(PUBLIC4, '2.7'),
  noProxy(V6, '::1'),
  noProxy(V6, '[::1]'),
  noProxy(V6, '[::1]:{t}'),
  noProxy(V6, '0:0:0:0:0:0:0:1'),
  noProxy(PUBLIC6, '2001:db8::7'),
  noProxy(PUBLIC6, '2001:DB8:0::7'),
  noProxy(PUBLIC6, '[2001:db8::7]'),
  noProxy(PUBLIC6, '[2001:db8::7]:{t}'),
  noProxy(PUBLIC6, '2001:db8::/32'),
  // Forms of the proxy's own value
  value('127.0.0.1:{a}'),
  value('localhost:{a}'),
  value('http://localhost:{a}'),
  value('http://user:secret@127.0.0.1:{a}'),
  value('http://127.0.0.1:{a}/path'),
  value('foo://127.0.0.1:{a}'),
  value('http://['),
  value('http://'),
  value('socks5://127.0.0.1:{a}', WITH_SOCKS_PACKAGES),
  value('socks5h://127.0.0.1:{a}', WITH_SOCKS_PACKAGES),
];
