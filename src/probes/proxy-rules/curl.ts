import { inNetwork, isIPv4Literal } from '../../system/addresses.ts';
import { readEndpoint } from './endpoint.ts';
import { bareHost, isWithin } from './hosts.ts';
import type { ProxyRule } from './rule.ts';
import { firstFilled } from './settings.ts';

const PORTS = { http: 1080, https: 443, socks: 1080, socks4: 1080, socks4a: 1080, socks5: 1080, socks5h: 1080 };

/** curl and libcurl since 7.86. Source: lib/url.c (detect_proxy, parse_proxy) and lib/noproxy.c. */
export const curlRule: ProxyRule = {
  reader: 'curl',
  tunnelsHttp: false,
  // HTTP_PROXY in upper case is left out on purpose: a CGI server sets it from a request's "Proxy:" header.
  proxyFor: (url, environment) =>
    firstFilled(environment, [...(url.protocol === 'https:' ? ['https_proxy', 'HTTPS_PROXY'] : ['http_proxy']), 'all_proxy', 'ALL_PROXY']),
  noProxy: (environment) => firstFilled(environment, ['no_proxy', 'NO_PROXY']),
  exemptedBy: (url, list) => {
    if (list === '*') return list;
    const host = bareHost(url);
    const matches = isIPv4Literal(host) ? matchesAddress : matchesName;
    const entries = list.split(/[ \t,]+/).filter((entry) => entry !== '');
    return entries.find((entry) => matches(host, entry)) ?? null;
  },
  parse: (value) => readEndpoint(value.includes('://') ? value : `http://${value}`, PORTS),
  entryFor: bareHost,
};

function matchesAddress(host: string, entry: string): boolean {
  const [network = '', length = ''] = entry.split('/', 2);
  // No number, or 0, means this one address.
  const bits = Number.parseInt(length, 10) || 32;
  return isIPv4Literal(network) && inNetwork(host, network, bits);
}

/** Also IPv6 literals, which curl compares as text: without brackets, and in no network. */
function matchesName(host: string, entry: string): boolean {
  const domain = entry.toLowerCase().replace(/\.$/, '').replace(/^\./, '');
  return domain !== '' && isWithin(host.replace(/\.$/, ''), domain);
}
