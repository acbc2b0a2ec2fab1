import { inNetwork, isIPv4Literal } from '../../system/addresses.ts';
import { readEndpoint } from './endpoint.ts';
import { bareHost, isWithin } from './hosts.ts';
import type { Environment, ProxyRule, Setting } from './rule.ts';
import { firstFilled } from './settings.ts';

const PORTS = { http: 80, https: 443 };
const PORTS_WITH_SOCKS = { ...PORTS, socks4: 1080, socks4a: 1080, socks5: 1080, socks5h: 1080 };

/**
 * Python's urllib.request.getproxies: every `<scheme>_proxy` by its scheme, `no` for the list. Lower case wins, and an
 * empty lower-case variable removes the upper-case one. (Without variables Python asks Windows and macOS; we do not.)
 */
export function pythonProxies(environment: Environment): ReadonlyMap<string, Setting> {
  const proxies = new Map<string, Setting>();
  const named = Object.entries(environment).filter(([name]) => /.?_proxy$/i.test(name));
  for (const [variable, value] of named) {
    if (value) proxies.set(schemeOf(variable), { variable, value });
  }
  for (const [variable, value] of named) {
    if (!variable.endsWith('_proxy') || value === undefined) continue;
    if (value === '') proxies.delete(schemeOf(variable));
    else proxies.set(schemeOf(variable), { variable, value });
  }
  return proxies;
}

function schemeOf(variable: string): string {
  return variable.slice(0, -'_proxy'.length).toLowerCase();
}

/** urllib.request alone, the standard library. Source: Lib/urllib/request.py. */
export const urllibRule: ProxyRule = {
  reader: 'urllib',
  tunnelsHttp: false,
  proxyFor: (url, environment) => pythonProxies(environment).get(url.protocol.slice(0, -1)) ?? null,
  noProxy: (environment) => pythonProxies(environment).get('no') ?? null,
  exemptedBy: (url, list) => listedForUrllib(url.host, url.hostname, list),
  parse: (value, url) => {
    const scheme = url.protocol.slice(0, -1);
    const endpoint = value.includes('://') ? readEndpoint(value, PORTS) : readEndpoint(`${scheme}://${value}`, PORTS);
    // An https target is tunnelled through a plain connection, whatever scheme the proxy was given.
    return endpoint && scheme === 'https' ? { ...endpoint, scheme: 'http' } : endpoint;
  },
  entryFor: (url) => url.hostname,
};

/** The requests library, which adds ALL_PROXY and IPv4 networks to urllib's rules. Source: requests/utils.py, urllib3/util/url.py. */
export const pythonRule: ProxyRule = {
  reader: 'python',
  tunnelsHttp: false,
  proxyFor: (url, environment) => {
    const proxies = pythonProxies(environment);
    return proxies.get(url.protocol.slice(0, -1)) ?? proxies.get('all') ?? null;
  },
  noProxy: (environment) => firstFilled(environment, ['no_proxy', 'NO_PROXY']),
  exemptedBy: (url, list) => {
    const host = bareHost(url);
    const entries = list.replaceAll(' ', '').split(',');
    const listed = entries.find(
      (entry) => entry !== '' && (isIPv4Literal(host) ? matchesAddress(host, entry) : matchesName(host, url.port, entry)),
    );
    return listed ?? listedForUrllib(host, host, list);
  },
  parse: (value) => {
    // urllib3 takes "proxy:" of "proxy:3128" for a scheme, but not "proxy.corp:" with its dot.
    if (/^[a-z][a-z0-9+-]*:(?!\/\/)/i.test(value)) return null;
    return readEndpoint(value.includes('://') ? value : `http://${value.replace(/^\/\//, '')}`, PORTS_WITH_SOCKS);
  },
  entryFor: bareHost,
};

function listedForUrllib(hostAndPort: string, host: string, list: string): string | null {
  if (list === '*') return list;
  const entries = list.split(',').map((entry) => entry.trim());
  const matches = (entry: string) => {
    const domain = entry.replace(/^\.+/, '').toLowerCase();
    return isWithin(host, domain) || isWithin(hostAndPort, domain);
  };
  return entries.find((entry) => entry !== '' && matches(entry)) ?? null;
}

function matchesAddress(host: string, entry: string): boolean {
  const [network = '', length] = entry.split('/', 2);
  if (length === undefined) return host === entry;
  return isIPv4Literal(network) && Number(length) >= 1 && inNetwork(host, network, Number(length));
}

function matchesName(host: string, port: string, entry: string): boolean {
  const domain = entry.replace(/^\.+/, '');
  return isWithin(host, domain) || (port !== '' && isWithin(`${host}:${port}`, domain));
}
