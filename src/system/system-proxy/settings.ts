import type { ProxyServer, ProxyStore, SystemProxySettings } from '../../model/system-proxy.ts';

/** Settings without any proxy, to which a parser adds what it finds. */
export function noProxy(store: ProxyStore): SystemProxySettings {
  return {
    store,
    mode: 'none',
    http: null,
    https: null,
    socks: null,
    exceptions: [],
    exemptsSimpleNames: false,
    matchesSuffixes: store === 'kde',
    isReversed: false,
    script: null,
  };
}

/** `host:port`, `scheme://user:password@host:port/` or `scheme://host port`, as the stores write a proxy; null without a usable host. */
export function readServer(text: string, defaultPort: number): ProxyServer | null {
  const bare = text
    .trim()
    .replace(/^[a-z][a-z\d+.-]*:\/\//i, '')
    .replace(/^[^@/]*@/, '');
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^\s:/]+))(?:[:\s]\s*(\d+))?\/?$/.exec(bare) ?? [];
  const host = bracketed ?? plain;
  return host === undefined ? null : { host, port: port === undefined || Number(port) === 0 ? defaultPort : Number(port) };
}
