/** The official SDKs, which belong to the caller: they are looked for when they are needed, and never bundled. */
import { UsageError } from '../model/errors.ts';

/** What every `Client` of the official SDKs has, of both major versions. */
export interface SdkClient {
  // Method syntax, and `never`: any client fits, whatever its own Transport type is.
  connect(transport: never, options?: never): Promise<unknown>;
  close(): Promise<void>;
  readonly transport?: unknown;
}

/** What a transport class takes as its second argument. */
export interface TransportInit {
  readonly requestInit: { readonly headers: Readonly<Record<string, string>> };
  /** The platform's fetch, watched: with it the reason of every failure is known. */
  readonly fetch: typeof globalThis.fetch;
}

/** What is used of a transport. */
export interface SdkTransport {
  close(): Promise<void>;
  terminateSession?(): Promise<void>;
}

/** Makes a new transport for each attempt. */
export type TransportFactory = (url: URL, init: TransportInit) => SdkTransport | Promise<SdkTransport>;

type Constructor = new (url: URL, init: TransportInit) => SdkTransport;

/** Where each SDK keeps its classes. Found by name at run time, so that no bundler takes them in. */
const SDKS = [
  { client: '@modelcontextprotocol/client', http: '@modelcontextprotocol/client', sse: '@modelcontextprotocol/client' },
  {
    client: '@modelcontextprotocol/sdk/client/index.js',
    http: '@modelcontextprotocol/sdk/client/streamableHttp.js',
    sse: '@modelcontextprotocol/sdk/client/sse.js',
  },
] as const;

const CLASSES = { http: 'StreamableHTTPClientTransport', sse: 'SSEClientTransport' } as const;

/**
 * The transport class of the SDK that a client comes from.
 * @throws UsageError `sdk-not-found` when the client is of no SDK that can be imported from here
 */
export async function transportFor(client: SdkClient, kind: 'http' | 'sse'): Promise<TransportFactory> {
  for (const sdk of SDKS) {
    const Client = (await load(sdk.client))?.['Client'];
    if (typeof Client !== 'function' || !(client instanceof Client)) continue;
    const Transport = (await load(sdk[kind]))?.[CLASSES[kind]];
    if (typeof Transport === 'function') return (url, init) => new (Transport as Constructor)(url, init);
  }
  throw new UsageError(
    'sdk-not-found',
    'The client is of neither @modelcontextprotocol/client nor @modelcontextprotocol/sdk as they are installed beside mcpreach. ' +
      'Install one of them, or pass `transport: (url, init) => new StreamableHTTPClientTransport(url, init)` with the class of your own SDK.',
  );
}

async function load(name: string): Promise<Readonly<Record<string, unknown>> | null> {
  try {
    return (await import(name)) as Readonly<Record<string, unknown>>;
  } catch {
    // Not installed, or without that path: the next one is tried.
    return null;
  }
}
