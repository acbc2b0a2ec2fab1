/** How a server is spoken to. `http` is Streamable HTTP, `sse` the older HTTP+SSE. */
export type Transport = 'http' | 'sse' | 'stdio';

/** What is known about the MCP client on whose behalf a target is judged. */
export interface ClientFacts {
  readonly id: string;
  /** How long this client waits for the handshake, in milliseconds. */
  readonly startupLimitMs: number;
  /** Whether it is known to follow the operating system's proxy settings where no variable names a proxy. */
  readonly followsSystemProxy?: boolean;
}

/** One HTTP or HTTPS endpoint as somebody means to reach it; plain data, without any secret. */
export interface HttpTarget {
  /** The address with credentials and query values masked: the only form that may be shown. */
  readonly display: string;
  readonly scheme: 'http' | 'https';
  /** Host without brackets, lower case; a name or an IP literal. */
  readonly host: string;
  readonly hostKind: 'name' | 'ipv4' | 'ipv6';
  readonly port: number;
  /** Path without query, as sent. */
  readonly path: string;
  /** The transport that was configured; null when the address came without a type. */
  readonly transport: 'http' | 'sse' | null;
  /** The server's name in a config, null for a bare URL. */
  readonly name: string | null;
  readonly client: ClientFacts | null;
  /** How long the client waits for the handshake, in milliseconds; assumed for a bare URL. */
  readonly limitMs: number;
  /** Whether a credential (Authorization, Cookie, API-key header or URL user info) is sent. */
  readonly sendsCredentials: boolean;
  /** Names of the headers that were configured, lower case. Never their values. */
  readonly headerNames: readonly string[];
}
