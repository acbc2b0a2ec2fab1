import { isIPv4Literal, isIPv6Literal } from '../../system/addresses.ts';
import { readEndpoint } from './endpoint.ts';
import { bareHost, isBelow, isWithin } from './hosts.ts';
import { pythonProxies } from './python.ts';
import type { ProxyRule } from './rule.ts';

const PORTS = { http: 80, https: 443, socks5: 1080, socks5h: 1080 };

/** The httpx library, which Python's MCP SDK uses: urllib's variables with a list of its own. Source: httpx/_utils.py of 0.28.1. */
export const httpxRule: ProxyRule = {
  reader: 'httpx',
  tunnelsHttp: false,
  proxyFor: (url, environment) => {
    const proxies = pythonProxies(environment);
    return proxies.get(url.protocol.slice(0, -1)) ?? proxies.get('all') ?? null;
  },
  noProxy: (environment) => pythonProxies(environment).get('no') ?? null,
  exemptedBy: (url, list) => {
    const entries = entriesOf(list);
    if (entries.includes('*')) return '*';
    return entries.find((entry) => isMatch(readPattern(entry), url)) ?? null;
  },
  parse,
  entryFor: bareHost,
  // Client() reads all variables when it is made; an entry such as [::1] is an InvalidURL exception there.
  stoppedBy: (environment) => {
    const proxies = pythonProxies(environment);
    const list = proxies.get('no');
    const entries = entriesOf(list?.value ?? '');
    if (entries.includes('*')) return null;
    if (list && entries.some((entry) => readPattern(entry) === null)) return list;
    const used = ['http', 'https', 'all'].map((scheme) => proxies.get(scheme));
    return used.find((setting) => setting !== undefined && parse(setting.value) === null) ?? null;
  },
};

function parse(value: string) {
  return readEndpoint(value.includes('://') ? value : `http://${value}`, PORTS);
}

function entriesOf(list: string): readonly string[] {
  return list
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

interface Pattern {
  /** Null for any. */
  readonly scheme: string | null;
  readonly host: string;
  /** `below`: `.local`, subdomains only. */
  readonly extent: 'exact' | 'within' | 'below';
  readonly port: string;
}

/** An entry as httpx turns it into a URL pattern; null when it cannot. A network (`10.0.0.0/8`) loses its length: "/8" is a path. */
function readPattern(entry: string): Pattern | null {
  if (isIPv6Literal(entry)) return { scheme: null, host: entry.toLowerCase(), extent: 'exact', port: '' };
  const [scheme, rest] = entry.includes('://') ? entry.split('://', 2) : [null, entry];
  const authority = (rest ?? '').replace(/[/?#].*$/, '').toLowerCase();
  const [, host = '', port = ''] = /^([^:]*):?(.*)$/.exec(authority) ?? [];
  // What is left of [::1] after the first colon is no port, and a name must be ASCII already.
  if (!/^\d*$/.test(port) || !/^[ -~]*$/.test(host)) return null;
  if (scheme !== null) return { scheme: scheme === 'all' ? null : (scheme ?? null), host, extent: 'exact', port };
  if (entry.toLowerCase() === 'localhost' || isIPv4Literal(entry.split('/')[0] ?? '')) return { scheme: null, host, extent: 'exact', port };
  return host.startsWith('.')
    ? { scheme: null, host: host.slice(1), extent: 'below', port }
    : { scheme: null, host, extent: 'within', port };
}

function isMatch(pattern: Pattern | null, url: URL): boolean {
  if (pattern === null || (pattern.scheme !== null && `${pattern.scheme}:` !== url.protocol)) return false;
  // Like URL, httpx forgets a scheme's default port, so "name:80" never matches http://name/.
  if (pattern.port !== '' && pattern.port !== url.port) return false;
  const host = bareHost(url);
  switch (pattern.extent) {
    case 'exact':
      return host === pattern.host;
    case 'within':
      return isWithin(host, pattern.host);
    case 'below':
      return isBelow(host, pattern.host);
  }
}
