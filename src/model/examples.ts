/** Short forms for the evidence in a cause's examples, so that an example shows only what matters. */
import type {
  Address,
  AnswerMeaning,
  CertificateFacts,
  Evidence,
  Exchange,
  ExchangeFailure,
  Handshake,
  HostEvidence,
  HttpAnswer,
  JsonRpcError,
  ListeningSocket,
  McpRequestName,
  ProcessFacts,
  ServerFacts,
  TcpAttempt,
  TcpOutcome,
  TlsEvidence,
} from './evidence.ts';
import type { ProxyChoice, ProxyEvidence } from './proxy.ts';
import type { SandboxEvidence } from './sandbox.ts';
import type { HttpTarget } from './target.ts';

export const EXAMPLE_HOST: HostEvidence = {
  platform: 'linux',
  node: '20.20.2',
  container: null,
  wsl: false,
  addresses: ['127.0.0.1', '::1', '192.168.1.20'],
  userId: 1000,
};

/** A target from its address; everything else as for a bare URL. */
export function target(address = 'http://localhost:3000/mcp', more: Partial<HttpTarget> = {}): HttpTarget {
  const url = new URL(address);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return {
    display: address,
    scheme: url.protocol === 'https:' ? 'https' : 'http',
    host,
    hostKind: /^[\d.]+$/.test(host) ? 'ipv4' : host.includes(':') ? 'ipv6' : 'name',
    port: url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port),
    path: url.pathname,
    transport: null,
    name: null,
    client: null,
    limitMs: 10_000,
    sendsCredentials: false,
    headerNames: [],
    ...more,
  };
}

/** Evidence about a target, on an ordinary Linux machine without any proxy variable. */
export function evidence(about: HttpTarget, facets: Omit<Evidence, 'target' | 'host'> = {}, host: Partial<HostEvidence> = {}): Evidence {
  return { target: about, host: { ...EXAMPLE_HOST, ...host }, proxy: proxy(), ...facets };
}

function family(address: string): Address {
  return { address, family: address.includes(':') ? 6 : 4 };
}

/** getaddrinfo's answer for the target's name. */
export function names(...addresses: string[]): NonNullable<Evidence['dns']> {
  return { addresses: addresses.map(family), error: null, hostsFile: { kind: 'measured', value: [] }, ms: 1 };
}

const CODES: Readonly<Record<TcpOutcome, string | null>> = {
  open: null,
  refused: 'ECONNREFUSED',
  reset: 'ECONNRESET',
  'timed-out': 'ETIMEDOUT',
  unreachable: 'EHOSTUNREACH',
  'not-permitted': 'EPERM',
  'no-local-address': 'EADDRNOTAVAIL',
  failed: 'EIO',
};

export function attempt(address: string, outcome: TcpOutcome, port = 3000): TcpAttempt {
  return { ...family(address), port, outcome, code: CODES[outcome], localAddress: outcome === 'open' ? address : null, ms: 0.3 };
}

export function tcp(...attempts: TcpAttempt[]): NonNullable<Evidence['tcp']> {
  return { attempts, ms: 1 };
}

export function answer(
  status: number,
  more: Partial<Omit<HttpAnswer, 'status' | 'body'>> & { body?: Partial<HttpAnswer['body']> } = {},
): HttpAnswer {
  return {
    status,
    headers: {},
    rpc: null,
    mintedSession: false,
    headMs: 2,
    ms: 3,
    ...more,
    body: { kind: 'empty', bytes: 0, truncated: false, excerpt: '', ...more.body },
  };
}

/** An answer that carries a JSON-RPC error. */
export function rpcError(status: number, error: JsonRpcError): HttpAnswer {
  return answer(status, { rpc: { hasResult: false, error }, body: { kind: 'json-rpc', bytes: 90, excerpt: error.message } });
}

export function answered(request: McpRequestName, meaning: AnswerMeaning, given: HttpAnswer): Exchange {
  return { request, url: 'http://localhost:3000/mcp', answer: given, failure: null, meaning };
}

export function failed(request: McpRequestName, failure: Partial<ExchangeFailure> & Pick<ExchangeFailure, 'stage' | 'reason'>): Exchange {
  return {
    request,
    url: 'http://localhost:3000/mcp',
    answer: null,
    failure: { code: null, status: null, head: null, ms: 5, ...failure },
    meaning: null,
  };
}

export const EXAMPLE_SERVER: ServerFacts = { name: 'everything', version: '1.0.0', protocol: '2025-11-25', era: 'legacy' };

/** A handshake that ended with these exchanges and did not succeed. */
export function unfinished(exchanges: readonly Exchange[], more: Partial<Handshake> = {}): Handshake {
  const last = exchanges.at(-1);
  return {
    route: { kind: 'direct', address: '127.0.0.1', family: 4 },
    url: 'http://localhost:3000/mcp',
    transport: 'http',
    result: last?.answer ? { kind: 'answered', server: null } : { kind: 'broken', server: null },
    exchanges,
    redirects: [],
    sessionEnded: true,
    stream: null,
    offeredVersions: [],
    authorization: null,
    readyMs: null,
    ms: 5,
    ...more,
  };
}

/** A handshake that succeeded, tools included. */
export function ready(more: Partial<Handshake> = {}): Handshake {
  const good = answer(200, { rpc: { hasResult: true, error: null }, body: { kind: 'json-rpc', bytes: 300 } });
  return {
    ...unfinished([answered('initialize', 'result', good), answered('tools/list', 'result', good)]),
    result: { kind: 'ready', server: EXAMPLE_SERVER, tools: { count: 2, names: ['echo', 'add'] } },
    readyMs: 4,
    ...more,
  };
}

/** A good handshake whose `tools/list` ended like this. */
export function toolsFailed(last: Exchange, more: Partial<Handshake> = {}): Handshake {
  const good = answer(200, { rpc: { hasResult: true, error: null }, body: { kind: 'json-rpc', bytes: 300 } });
  return {
    ...unfinished([answered('initialize', 'result', good), last]),
    result: { kind: 'tools-failed', server: EXAMPLE_SERVER },
    readyMs: 4,
    ...more,
  };
}

export const DIRECT: ProxyChoice = {
  reader: 'undici',
  proxy: null,
  variable: null,
  why: 'no proxy variable is set',
} as ProxyChoice;

export function proxy(effective: ProxyChoice = DIRECT, reach: ProxyEvidence['reach'] = null): ProxyEvidence {
  return { choices: [effective], effective, reach };
}

export function certificate(more: Partial<CertificateFacts> = {}): CertificateFacts {
  return {
    subject: 'CN=mcp.example.com',
    issuer: 'CN=Example Root CA, O=Example',
    names: ['mcp.example.com'],
    validFrom: '2026-01-01T00:00:00.000Z',
    validTo: '2027-01-01T00:00:00.000Z',
    selfSigned: false,
    issuerUrls: [],
    fingerprint: 'AA:BB',
    ...more,
  };
}

/** An established TLS connection with a trusted certificate, unless told otherwise. */
export function tls(more: Partial<TlsEvidence> = {}): TlsEvidence {
  return {
    address: '203.0.113.7',
    outcome: { kind: 'established', protocol: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384' },
    chain: [certificate()],
    trusted: true,
    verifyCode: null,
    nameMatches: true,
    stores: [],
    fallback: null,
    ms: 8,
    ...more,
  };
}

export function listener(address: string, port = 3000): ListeningSocket {
  return { ...family(address), port, v6Only: null };
}

export const EXAMPLE_PROCESS: ProcessFacts = {
  pid: 4242,
  name: 'node',
  command: 'node server.js',
  user: 'dev',
  startedAt: '2026-11-20T08:00:00.000Z',
  cwd: '/home/dev/app',
};

/** The machine's listening sockets. */
export function machine(...sockets: ListeningSocket[]): NonNullable<Evidence['machine']> {
  return { sockets: { kind: 'measured', value: sockets }, ms: 1 };
}

/** Who holds the target's port; nobody by default. */
export function holder(...holders: NonNullable<Evidence['holder']>['holders']): NonNullable<Evidence['holder']> {
  return { holders, elsewhere: [], starting: [], ms: 1 };
}

/** An ordinary process of an ordinary machine, which nothing confines. */
export function sandbox(more: Partial<SandboxEvidence> = {}): SandboxEvidence {
  return {
    marks: [],
    seccompFilters: { kind: 'measured', value: 0 },
    noNewPrivileges: { kind: 'measured', value: false },
    label: { kind: 'measured', value: null },
    interfaces: {
      kind: 'measured',
      value: [
        { name: 'lo', up: true },
        { name: 'eth0', up: true },
      ],
    },
    unit: { kind: 'measured', value: null },
    own: { stage: 'connect', outcome: 'open', code: null },
    ms: 1,
    ...more,
  };
}

/** What was looked at around a target where nothing was found. */
export const NOTHING_AROUND = {
  machine: machine(),
  siblings: { attempts: [], handshakes: [] },
  holder: holder(),
  ports: { looked: 3, ownedByOthers: [], found: [] },
} as const satisfies Omit<Evidence, 'target' | 'host'>;
