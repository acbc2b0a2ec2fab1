import type { ProxyReader } from '../../model/proxy.ts';
import { readEndpoint } from './endpoint.ts';
import { bareHost, effectivePort, isBelow, isWithin } from './hosts.ts';
import type { Environment, ProxyRule, Setting } from './rule.ts';
import { firstPresent } from './settings.ts';

/** Major versions of undici that differ in how they read the list; Node 22 carries 6, Node 24 carries 7, Node 26 carries 8. */
export type UndiciMajor = 6 | 7 | 8;

const PORTS = { http: 80, https: 443 };
const PORTS_WITH_SOCKS = { ...PORTS, socks: 1080, socks5: 1080 };

/** EnvHttpProxyAgent of undici. Source: lib/dispatcher/env-http-proxy-agent.js of 6.28.1, 7.30.2 and 8.12.4. */
export function undiciRule(major: UndiciMajor, reader: ProxyReader = 'undici'): ProxyRule {
  const parse = (value: string) => (hasPath(value) ? null : readEndpoint(value, major === 6 ? PORTS : PORTS_WITH_SOCKS));
  return {
    reader,
    // ProxyAgent opens a tunnel for every target until 8, where plain http goes in absolute form.
    tunnelsHttp: major < 8,
    proxyFor: (url, environment) => (url.protocol === 'https:' ? httpsProxy(environment) : null) ?? httpProxy(environment),
    noProxy: (environment) => firstPresent(environment, ['no_proxy', 'NO_PROXY']),
    exemptedBy: (url, list) => exemptedBy(major, url, list),
    parse,
    // Brackets: understood by all three, while a bare ::1 is taken for a port until 8.
    entryFor: (url) => url.hostname,
    // Both agents are made when the program starts, so a bad HTTPS_PROXY breaks http targets too.
    stoppedBy: (environment) =>
      [httpProxy(environment), httpsProxy(environment)].find((setting) => setting !== null && parse(setting.value) === null) ?? null,
  };
}

/** An http proxy has to be an origin: anything after it is refused. */
function hasPath(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, pathname, search, hash } = new URL(value);
  return /^https?:$/.test(protocol) && `${pathname}${search}${hash}` !== '/';
}

function httpProxy(environment: Environment): Setting | null {
  return filled(firstPresent(environment, ['http_proxy', 'HTTP_PROXY']));
}

function httpsProxy(environment: Environment): Setting | null {
  return filled(firstPresent(environment, ['https_proxy', 'HTTPS_PROXY']));
}

function filled(setting: Setting | null): Setting | null {
  return setting?.value === '' ? null : setting;
}

function exemptedBy(major: UndiciMajor, url: URL, list: string): string | null {
  if (list === '*') return list;
  const matches = MATCHES[major];
  const entries = list.split(/[,\s]/).filter((entry) => entry !== '');
  return entries.find((entry) => matches(url, ...splitPort(major, entry.toLowerCase()))) ?? null;
}

/** Host and port (0 for any) of an entry. Until 8 the text after the last colon is a port, even inside a bare IPv6 address. */
function splitPort(major: UndiciMajor, entry: string): [host: string, port: number] {
  const bareIPv6 = major === 8 && !entry.startsWith('[') && entry.split(':').length > 2;
  const found = bareIPv6 ? null : /^(.+):(\d+)$/.exec(entry);
  return found?.[1] === undefined ? [entry, 0] : [found[1], Number(found[2])];
}

const MATCHES = {
  6: (url, host, port) => {
    if (port !== 0 && port !== effectivePort(url)) return false;
    return /^[.*]/.test(host) ? url.hostname.endsWith(host.replace(/^\*/, '')) : url.hostname === host;
  },
  7: (url, host, port) => {
    if (port !== 0 && port !== effectivePort(url)) return false;
    return isWithin(url.hostname, host.replace(/^\*?\./, ''));
  },
  8: (url, host, port) => {
    if (port !== 0 && port !== effectivePort(url)) return false;
    if (host === '*') return true;
    const domain = host
      .replace(/^\[(.+)\]$/, '$1')
      .replace(/^\*?\./, '')
      .replace(/(.)\.$/, '$1');
    const target = bareHost(url).replace(/(.)\.$/, '$1');
    return host.startsWith('*') ? isBelow(target, domain) : isWithin(target, domain);
  },
} satisfies Record<UndiciMajor, (url: URL, host: string, port: number) => boolean>;
