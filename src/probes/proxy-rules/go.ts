import { inNetwork, isIPv4Literal, isIPv6Literal, isSameAddress } from '../../system/addresses.ts';
import { readEndpoint } from './endpoint.ts';
import { bareHost, effectivePort, isBelow, isWithin } from './hosts.ts';
import type { ProxyRule } from './rule.ts';
import { firstFilled } from './settings.ts';

const PORTS = { http: 80, https: 443, socks5: 1080, socks5h: 1080 };

/** Go's http.ProxyFromEnvironment. Source: golang.org/x/net/http/httpproxy. */
export const goRule: ProxyRule = {
  reader: 'go',
  tunnelsHttp: false,
  proxyFor: (url, environment) =>
    firstFilled(environment, url.protocol === 'https:' ? ['HTTPS_PROXY', 'https_proxy'] : ['HTTP_PROXY', 'http_proxy']),
  noProxy: (environment) => firstFilled(environment, ['NO_PROXY', 'no_proxy']),
  exemptedBy: (url, list) => {
    const entries = list
      .split(',')
      .map((entry) => entry.trim().toLowerCase())
      .filter((entry) => entry !== '');
    if (entries.includes('*')) return '*';
    const matches = !isLiteral(bareHost(url)) ? matchesName : matchesAddress;
    return entries.find((entry) => matches(url, entry)) ?? null;
  },
  parse: (value) => {
    const text = value.includes('://') ? value : `http://${value}`;
    // A scheme Go does not know is spoken to as if it were http.
    return readEndpoint(text, PORTS) ?? readEndpoint(text.replace(/^[^:]*/, 'http'), PORTS);
  },
  entryFor: bareHost,
  neverProxied: (url) => {
    const host = bareHost(url);
    return host === 'localhost' || isSameAddress(host, '::1') || inNetwork(host, '127.0.0.0', 8);
  },
};

function matchesAddress(url: URL, entry: string): boolean {
  const host = bareHost(url);
  const [network = '', length] = entry.split('/', 2);
  if (length !== undefined)
    return /^\d+$/.test(length) && isIPv4Literal(network) === isIPv4Literal(host) && inNetwork(host, network, Number(length));
  const [address, port] = splitPort(entry);
  return isSameAddress(host, address) && isPort(url, port);
}

function matchesName(url: URL, entry: string): boolean {
  const [name, port] = splitPort(entry);
  if (name === '' || isLiteral(name) || !isPort(url, port)) return false;
  const domain = name.replace(/^\*(?=\.)/, '');
  return domain.startsWith('.') ? isBelow(url.hostname, domain.slice(1)) : isWithin(url.hostname, domain);
}

/** `host:port` or `[v6]:port`; anything else is a host by itself, brackets included. */
function splitPort(entry: string): [host: string, port: string] {
  const found = /^(?:\[([^\]]*)\]|([^:[\]]*)):([^:]*)$/.exec(entry);
  return found ? [found[1] ?? found[2] ?? '', found[3] ?? ''] : [entry, ''];
}

function isPort(url: URL, port: string): boolean {
  return port === '' || port === String(effectivePort(url));
}

function isLiteral(host: string): boolean {
  return isIPv4Literal(host) || isIPv6Literal(host);
}
