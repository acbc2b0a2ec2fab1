import { BlockList, isIP } from 'node:net';
import type { ProxyChoice, ProxySource } from '../../model/proxy.ts';
import type { ProxyServer, ScriptAnswer, SystemProxySettings } from '../../model/system-proxy.ts';
import { matchesGlob } from '../../pac/functions.ts';
import { readEndpoint, showEndpoint } from './endpoint.ts';
import { bareHost, effectivePort } from './hosts.ts';

/** Whether the settings leave it to a PAC file where this address goes; loopback is never asked about. */
export function needsScript(settings: SystemProxySettings, url: URL): boolean {
  return settings.mode === 'script' && !isImplicitlyDirect(bareHost(url));
}

/** What programs built on Chromium do with this address under the system's settings; `answer` is the PAC file's. Pure. */
export function systemChoice(settings: SystemProxySettings, url: URL, answer: ScriptAnswer | null): ProxyChoice {
  const direct = (why: string): ProxyChoice => ({ reader: 'system', proxy: null, variable: null, why });
  const host = bareHost(url);
  if (isImplicitlyDirect(host)) return direct('loopback and link-local addresses never go through a proxy of the system');
  const source: ProxySource = { store: settings.store, exceptions: settings.exceptions, script: answer };
  if (settings.mode === 'script' && answer !== null) {
    const proxy = readAnswer(answer.result);
    return proxy === null
      ? direct(`the PAC file answers ${answer.result}`)
      : { ...direct(`the PAC file answers ${answer.result}`), proxy, source };
  }
  if (settings.mode !== 'manual') return direct('the system has no proxy settings');
  const own = url.protocol === 'https:' ? settings.https : settings.http;
  const server = own ?? settings.socks;
  if (server === null) return direct(`the system names no proxy for ${url.protocol.slice(0, -1)}`);
  const entry = exemptedBy(settings, url);
  if (entry !== null) return direct(`the system's exceptions list ${entry}`);
  return { ...direct("the system's settings name it"), proxy: shown(own === null ? 'socks5' : 'http', server), source };
}

/** Chromium's implicit bypass rules (net/docs/proxy.md): for PAC files since version 71, for everything since 72. */
function isImplicitlyDirect(host: string): boolean {
  const name = host.toLowerCase();
  if (name === 'localhost' || name.endsWith('.localhost') || name === '::1') return true;
  return isIP(name) === 4 ? /^(?:127\.|169\.254\.)/.test(name) : isIP(name) === 6 && /^fe[89ab]/.test(name);
}

/** The entry that exempts this address; for a reversed list, why none is needed. */
function exemptedBy({ exceptions, exemptsSimpleNames, matchesSuffixes, isReversed }: SystemProxySettings, url: URL): string | null {
  const host = bareHost(url).toLowerCase();
  const entry = exceptions.find((one) => matches(one.toLowerCase(), url, host, matchesSuffixes)) ?? null;
  if (isReversed) return entry === null ? 'only what is to be proxied' : null;
  return entry ?? (exemptsSimpleNames && !host.includes('.') && !host.includes(':') ? 'names without a dot' : null);
}

/** `host`, `*.host`, `.host`, an address, a network in CIDR form; with a scheme before and a port behind it where one is meant. */
function matches(entry: string, url: URL, host: string, suffixes: boolean): boolean {
  const [, scheme, rest = ''] = /^(?:([a-z]+):\/\/)?(.*)$/.exec(entry) ?? [];
  if (scheme !== undefined && `${scheme}:` !== url.protocol) return false;
  if (rest === '<local>') return !host.includes('.') && !host.includes(':');
  const network = /^(\[?[\da-f.:]+\]?)\/(\d+)$/.exec(rest);
  if (network !== null) return isWithinNetwork(host, (network[1] ?? '').replace(/[[\]]/g, ''), Number(network[2]));
  const [, bracketed, plain = '', port] = /^(?:\[([^\]]*)\]|([^:]*|.*::.*))(?::(\d+))?$/.exec(rest) ?? [];
  const name = bracketed ?? plain;
  if (name === '' || (port !== undefined && Number(port) !== effectivePort(url))) return false;
  if (suffixes && isIP(host) === 0) return host.endsWith(name.replace(/^\*/, ''));
  return matchesGlob(host, name.startsWith('.') ? `*${name}` : name);
}

/** macOS shortens networks: `169.254/16`. */
function isWithinNetwork(host: string, network: string, bits: number): boolean {
  const whole = /^\d+(?:\.\d+){0,2}$/.test(network) ? `${network}${'.0'.repeat(4 - network.split('.').length)}` : network;
  const family = isIP(whole);
  if (family === 0 || isIP(host) !== family || bits > (family === 4 ? 32 : 128)) return false;
  const list = new BlockList();
  list.addSubnet(whole, bits, family === 4 ? 'ipv4' : 'ipv6');
  return list.check(host, family === 4 ? 'ipv4' : 'ipv6');
}

const SCHEMES: Readonly<Record<string, string>> = {
  PROXY: 'http',
  HTTP: 'http',
  HTTPS: 'https',
  SOCKS: 'socks5',
  SOCKS4: 'socks4',
  SOCKS5: 'socks5',
};
const PORTS = { http: 80, https: 443, socks4: 1080, socks5: 1080 };

/** The first way of `PROXY host:port; DIRECT`; null for the direct one. */
function readAnswer(result: string): string | null {
  const [kind = '', place = ''] = (result.split(';')[0] ?? '').trim().split(/\s+/);
  const scheme = SCHEMES[kind.toUpperCase()];
  const endpoint = scheme === undefined ? null : readEndpoint(`${scheme}://${place}`, PORTS);
  return endpoint === null ? null : showEndpoint(endpoint);
}

function shown(scheme: string, { host, port }: ProxyServer): string {
  return showEndpoint({ scheme, host, port, username: '', password: '' });
}
