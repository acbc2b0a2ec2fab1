/** A proxy to connect to. Holds credentials: never shown, see {@link showEndpoint}. */
export interface ProxyEndpoint {
  /** `http`, `https`, or one of the socks family. */
  readonly scheme: string;
  /** Name or IP literal without brackets. */
  readonly host: string;
  readonly port: number;
  /** Decoded; empty when the value has none. */
  readonly username: string;
  readonly password: string;
}

const EXPLICIT_PORT = /^[^:]+:\/*(?:[^/?#]*@)?(?:\[[^\]]*\]|[^:/?#]*):(\d+)/;

/** Reads a proxy URL with a scheme; null when it is none, names no host, or the scheme has no default port in `ports`. */
export function readEndpoint(text: string, ports: Readonly<Record<string, number>>): ProxyEndpoint | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  const scheme = url.protocol.slice(0, -1);
  const defaultPort = Object.hasOwn(ports, scheme) ? ports[scheme] : undefined;
  if (defaultPort === undefined || url.hostname === '') return null;
  // URL forgets ":80" after http, but a reader's own default may be another one (curl: 1080).
  const explicit = EXPLICIT_PORT.exec(text.trim())?.[1];
  return {
    scheme,
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: explicit === undefined ? defaultPort : Number(explicit),
    username: decode(url.username),
    password: decode(url.password),
  };
}

/** The endpoint as it may be shown: `scheme://host:port`, without credentials. */
export function showEndpoint({ scheme, host, port }: ProxyEndpoint): string {
  return `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** The endpoint as a URL to connect with, credentials included and escaped. Never shown. */
export function endpointUrl(endpoint: ProxyEndpoint): URL {
  const url = new URL(showEndpoint(endpoint));
  url.username = encodeURIComponent(endpoint.username);
  url.password = encodeURIComponent(endpoint.password);
  return url;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
