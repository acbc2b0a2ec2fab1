/**
 * Everything a probe can learn about one HTTP target. Facts only: what was seen, never what it means.
 * A facet that is absent was not measured yet; a fact that could not be had is {@link NotMeasured} and says why.
 */
import type { RoutesEvidence } from './routes.ts';
import type { SandboxEvidence } from './sandbox.ts';
import type { LogEvidence } from './logs.ts';
import type { FiltersEvidence } from './filters.ts';
import type { ContainersEvidence } from './containers.ts';
import type { ProxyEvidence } from './proxy.ts';
import type { SystemProxyEvidence } from './system-proxy.ts';
import type { HttpTarget } from './target.ts';
import type { WslEvidence } from './wsl.ts';

/** A fact that was asked for and could not be had, for example for want of permission. */
export interface NotMeasured {
  readonly kind: 'not-measured';
  readonly why: string;
}

/** A fact that was measured, or the reason why it was not. Never confuse "none" with "not measured". */
export type Measured<T> = { readonly kind: 'measured'; readonly value: T } | NotMeasured;

export type Family = 4 | 6;

/** The machine the diagnosis runs on. */
export interface HostEvidence {
  readonly platform: NodeJS.Platform;
  readonly node: string;
  /** The kind of container we run in, null outside. */
  readonly container: string | null;
  readonly wsl: boolean;
  /** Every address of this machine's interfaces, loopback included, in canonical form. */
  readonly addresses: readonly string[];
  /** The current user's id, null on Windows. */
  readonly userId: number | null;
}

// --- dns -----------------------------------------------------------------------------------------

export interface Address {
  readonly address: string;
  readonly family: Family;
}

export interface HostsLine extends Address {
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
}

/** What the name means to this process. Absent for literals. */
export interface DnsEvidence {
  /** getaddrinfo's answer in its own order, duplicates removed. */
  readonly addresses: readonly Address[];
  /** getaddrinfo's error code (`ENOTFOUND`, `EAI_AGAIN` …), null on success. */
  readonly error: string | null;
  /** Lines of the hosts file that name this host. */
  readonly hostsFile: Measured<readonly HostsLine[]>;
  readonly ms: number;
}

/** What the configured name servers say by themselves, asked only after getaddrinfo failed or contradicts. */
export interface ResolverEvidence {
  readonly servers: readonly string[];
  readonly answers: readonly {
    readonly record: 'A' | 'AAAA';
    readonly addresses: readonly string[];
    /** c-ares code: `ENOTFOUND` (NXDOMAIN), `ENODATA`, `ESERVFAIL`, `EREFUSED`, `ECONNREFUSED`, `ETIMEOUT` … */
    readonly error: string | null;
  }[];
  readonly ms: number;
}

// --- tcp -----------------------------------------------------------------------------------------

export type TcpOutcome =
  | 'open'
  | 'refused'
  | 'reset'
  | 'timed-out'
  | 'unreachable'
  | 'not-permitted'
  /** The operating system has no such local address or family to dial from (EADDRNOTAVAIL, EAFNOSUPPORT). */
  | 'no-local-address'
  | 'failed';

/** One connection attempt to one address, by itself. */
export interface TcpAttempt extends Address {
  readonly port: number;
  readonly outcome: TcpOutcome;
  /** errno name, null when open. */
  readonly code: string | null;
  /** The address we spoke from, null when the connection did not open. */
  readonly localAddress: string | null;
  readonly ms: number;
}

export interface TcpEvidence {
  /** One per address, in the order in which the name gave them. */
  readonly attempts: readonly TcpAttempt[];
  readonly ms: number;
}

// --- tls -----------------------------------------------------------------------------------------

export interface CertificateFacts {
  readonly subject: string;
  readonly issuer: string;
  /** DNS names and IP addresses the certificate is valid for; never the common name alone. */
  readonly names: readonly string[];
  /** ISO 8601. */
  readonly validFrom: string;
  readonly validTo: string;
  readonly selfSigned: boolean;
  /** Where the issuer's certificate can be had (AIA caIssuers). */
  readonly issuerUrls: readonly string[];
  /** SHA-256, hex with colons. */
  readonly fingerprint: string;
}

/** How one collection of trusted roots judges the chain. */
export interface TrustResult {
  readonly store: 'node' | 'system' | 'node-extra-ca-certs' | 'option-ca';
  /** Where these roots come from, when that is a file. */
  readonly file: string | null;
  readonly trusted: boolean;
  /** OpenSSL's verification code (`CERT_HAS_EXPIRED`, `UNABLE_TO_VERIFY_LEAF_SIGNATURE` …). */
  readonly code: string | null;
  /** Subject of the root that is, or issued, the last certificate of the chain as sent, whatever the dates; null without one. */
  readonly anchor?: string | null;
  /** Without an anchor: subjects of roots with the organisation of the last issuer, so that a missing link is likely. */
  readonly relatives?: readonly string[];
}

export interface TlsEvidence {
  readonly address: string;
  readonly outcome: /** Handshake done; `trust` says whether the certificate is believed. */
    | { readonly kind: 'established'; readonly protocol: string; readonly cipher: string }
    /** The peer does not speak TLS (its first bytes are no TLS record). */
    | { readonly kind: 'not-tls'; readonly code: string }
    /** The peer answered with a TLS alert or the handshake broke. `alert` is OpenSSL's reason code. */
    | { readonly kind: 'refused'; readonly code: string; readonly alert: string | null }
    | { readonly kind: 'closed'; readonly code: string }
    | { readonly kind: 'timed-out' };
  /** The chain as sent, leaf first; empty when none was seen or none could be read. */
  readonly chain: readonly CertificateFacts[];
  /** Whether Node's own verification, with every configured CA, believes chain and name; null before that was reached. */
  readonly trusted: boolean | null;
  /** Verification code of that judgement; null when trusted or not reached. */
  readonly verifyCode: string | null;
  /** Whether the leaf's names cover the host; null when no leaf was seen. */
  readonly nameMatches: boolean | null;
  readonly stores: readonly TrustResult[];
  /** What the server accepts when offered everything (old versions, weak ciphers); only asked after a refusal. */
  readonly fallback: { readonly protocol: string; readonly cipher: string } | null;
  /** When the certificate was looked at by this machine's clock, ISO 8601. */
  readonly at?: string;
  readonly ms: number;
}

/** Whether the server asks for a client certificate; only looked at after a refusal. */
export interface ClientCertificateEvidence {
  /** Null when no handshake of either version got far enough to tell. */
  readonly requested: boolean | null;
  readonly ms: number;
}

// --- peek ----------------------------------------------------------------------------------------

/** What an open port says by itself and to a few harmless bytes. */
export interface PeekEvidence {
  readonly address: string;
  readonly port: number;
  readonly speaks:
    | 'tls'
    | 'http'
    | 'ssh'
    | 'smtp'
    | 'ftp'
    | 'redis'
    | 'mysql'
    | 'postgres'
    | 'imap'
    | 'vnc'
    | 'banner'
    | 'silence'
    | 'close';
  /** First bytes as printable text, at most 80 characters. */
  readonly banner: string | null;
  readonly ms: number;
}

// --- http and mcp --------------------------------------------------------------------------------

/** The way a request takes. */
export type Route =
  | { readonly kind: 'direct'; readonly address: string; readonly family: Family }
  /** `proxy` is shown without credentials. */
  | { readonly kind: 'proxy'; readonly proxy: string };

export type BodyKind = 'empty' | 'json-rpc' | 'json' | 'html' | 'text' | 'event-stream' | 'binary';

export interface JsonRpcError {
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
}

/** One HTTP response, reduced to what may be judged and shown. */
export interface HttpAnswer {
  readonly status: number;
  /** Only names on the allow-list of wire/headers.ts; values cut to 200 characters. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: {
    readonly kind: BodyKind;
    /** Bytes read; more may have been sent when `truncated`. */
    readonly bytes: number;
    readonly truncated: boolean;
    /** The first readable characters, one line, at most 200. */
    readonly excerpt: string;
  };
  /** The JSON-RPC message in the body or event stream, if there is one. */
  readonly rpc: { readonly hasResult: boolean; readonly error: JsonRpcError | null } | null;
  /** A session id the server handed out although none was asked for with this request. */
  readonly mintedSession: boolean;
  /** Time to the response head, and to the end of what was read. */
  readonly headMs: number;
  readonly ms: number;
}

/** A request that got no complete HTTP response. */
export interface ExchangeFailure {
  readonly stage: 'connect' | 'proxy' | 'tls' | 'send' | 'head' | 'body';
  readonly reason: 'timed-out' | 'reset' | 'closed' | 'not-http' | 'too-large' | 'refused' | 'unreachable' | 'cancelled' | 'failed';
  /** errno, OpenSSL or parser code. */
  readonly code: string | null;
  /** For stage `proxy`: the proxy's answer to CONNECT. */
  readonly status: number | null;
  /** For a certificate that was refused inside a proxy's tunnel: who issued the last one that was sent. */
  readonly issuer?: string;
  /** The response head when it had arrived before the failure. */
  readonly head: { readonly status: number; readonly headers: Readonly<Record<string, string>> } | null;
  readonly ms: number;
}

export type McpRequestName = 'server/discover' | 'initialize' | 'sse' | 'notifications/initialized' | 'tools/list';

/** What one answer means on the wire (see wire/answer.ts); a reading, not a verdict. */
export type AnswerMeaning =
  | 'result'
  | 'other-modern-version'
  | 'modern-request-fault'
  | 'session-unknown'
  | 'session-required'
  | 'version-unsupported'
  | 'method-unknown'
  | 'rpc-error'
  | 'auth-required'
  | 'forbidden'
  | 'host-rejected'
  | 'origin-rejected'
  | 'redirect'
  | 'not-found'
  | 'method-not-allowed'
  | 'bad-request'
  | 'proxy-auth'
  | 'throttled'
  | 'gateway-error'
  | 'server-error'
  | 'unusable';

/** One request and what came of it, in the order in which they were sent. */
export interface Exchange {
  readonly request: McpRequestName;
  readonly url: string;
  readonly answer: HttpAnswer | null;
  readonly failure: ExchangeFailure | null;
  readonly meaning: AnswerMeaning | null;
}

export interface ServerFacts {
  readonly name: string | null;
  readonly version: string | null;
  readonly protocol: string;
  readonly era: 'legacy' | 'modern';
}

export interface ToolsFacts {
  /** Sum over all pages. */
  readonly count: number;
  /** At most the first 500. */
  readonly names: readonly string[];
}

/** An attempt at a whole MCP handshake over one route. */
export interface Handshake {
  readonly route: Route;
  /** Shown form of the URL that was spoken to in the end (same-origin 307/308 are followed). */
  readonly url: string;
  readonly transport: 'http' | 'sse';
  readonly result:
    | { readonly kind: 'ready'; readonly server: ServerFacts; readonly tools: ToolsFacts | null }
    /** The handshake was good, `tools/list` was not: the last exchange says how. */
    | { readonly kind: 'tools-failed'; readonly server: ServerFacts }
    /** The last exchange was answered, and the answer is no handshake. */
    | { readonly kind: 'answered'; readonly server: null }
    /** The last exchange got no complete answer. */
    | { readonly kind: 'broken'; readonly server: null };
  readonly exchanges: readonly Exchange[];
  /** URLs redirected through, shown form. */
  readonly redirects: readonly string[];
  /** False when a session stayed open because the server refused DELETE. */
  readonly sessionEnded: boolean;
  /** What the GET of the older event stream was told, when it was tried after the POST and was no way in either. */
  readonly stream: Exchange | null;
  /** Protocol versions the server itself named: in an error, or in a result that no released client knows. */
  readonly offeredVersions: readonly string[];
  /** Who guards the endpoint, when it asked for authorization (RFC 9728). */
  readonly authorization: {
    readonly issuers: readonly string[];
    readonly scopes: readonly string[];
    readonly scheme: string | null;
  } | null;
  /** Time until the server's handshake answer was there, the tools not counted; null when there was none. */
  readonly readyMs: number | null;
  readonly ms: number;
}

// --- neighbours ----------------------------------------------------------------------------------

/** The same port at the name's other addresses and, for targets on this machine, at other addresses of this machine. */
export interface SiblingsEvidence {
  /** Attempts at addresses that the name did not give. */
  readonly attempts: readonly TcpAttempt[];
  /** A handshake with each open one that was not tried before. */
  readonly handshakes: readonly Handshake[];
}

/** Other usual paths of the same origin, with what each said; stops at the first that is MCP. */
export interface PathsEvidence {
  readonly tried: readonly { readonly path: string; readonly meaning: AnswerMeaning | 'no-answer' }[];
  readonly found: { readonly path: string; readonly handshake: Handshake } | null;
  /** What a browser would get from `/`. */
  readonly home: {
    readonly status: number;
    readonly kind: BodyKind;
    readonly server: string | null;
    readonly product: string | null;
  } | null;
}

/** The same request with another Host header and without Origin, to see whether that is what was refused. */
export interface HostGuardEvidence {
  /** What was sent at first. */
  readonly sentHost: string;
  readonly sentOrigin: string | null;
  /** The Host value that was accepted, null when none was. */
  readonly acceptedHost: string | null;
  readonly acceptedWithoutOrigin: boolean;
}

// --- machine -------------------------------------------------------------------------------------

export interface ListeningSocket extends Address {
  readonly port: number;
  /** For `::` sockets: true when IPv4 is refused there; null where the system does not tell. */
  readonly v6Only: boolean | null;
}

export interface ProcessFacts {
  readonly pid: number;
  /** Executable name. */
  readonly name: string;
  /** Full command line, secrets masked; cut to 300 characters. */
  readonly command: string;
  readonly user: string | null;
  /** ISO 8601. */
  readonly startedAt: string | null;
  readonly cwd: string | null;
}

/** Every listening TCP socket of our network namespace, without owners (those cost more and are asked for by port). */
export interface MachineEvidence {
  readonly sockets: Measured<readonly ListeningSocket[]>;
  readonly ms: number;
}

/** Who holds the target's port, or is about to. */
export interface HolderEvidence {
  readonly holders: readonly { readonly socket: ListeningSocket; readonly owner: Measured<ProcessFacts> }[];
  /** Listeners on the same port number in other network namespaces (containers, `ip netns`): not reachable by this address. */
  readonly elsewhere: readonly { readonly socket: ListeningSocket; readonly owner: Measured<ProcessFacts> }[];
  /** Young processes whose command line names the port and who listen nowhere yet. */
  readonly starting: readonly ProcessFacts[];
  /** What could not be looked at, and why: there may be more holders than listed. Absent when everything was seen. */
  readonly gaps?: readonly string[];
  readonly ms: number;
}

/** MCP servers on other ports of this machine. */
export interface PortsEvidence {
  readonly looked: number;
  /** Sockets that other targets of this run name, left alone. */
  readonly ownedByOthers: readonly number[];
  readonly found: readonly {
    readonly port: number;
    readonly address: string;
    readonly owner: Measured<ProcessFacts>;
    readonly handshake: Handshake;
  }[];
}

// --- start and patience --------------------------------------------------------------------------

export type EarlyEnd =
  | 'address-in-use'
  | 'missing-variable'
  | 'module-not-found'
  | 'command-not-found'
  | 'permission-denied'
  | 'syntax'
  | 'signal'
  | 'silent-success'
  | 'error';

export interface StartEvidence {
  /** As given, secrets masked. */
  readonly command: string;
  readonly outcome: /** The target answered the handshake. */
    | { readonly kind: 'answers'; readonly handshake: Handshake }
    /** It listens, but not where the target is. */
    | { readonly kind: 'elsewhere'; readonly sockets: readonly ListeningSocket[]; readonly handshake: Handshake | null }
    /** It listens on the target's port and does not complete the handshake. */
    | { readonly kind: 'listens'; readonly handshake: Handshake }
    /** It answered MCP on its standard output and listens nowhere. */
    | { readonly kind: 'stdio'; readonly server: ServerFacts | null }
    | {
        readonly kind: 'ended';
        readonly code: number | null;
        readonly signal: string | null;
        readonly early: EarlyEnd;
        readonly detail: string | null;
      }
    /** Alive until the time was over, without a listener. */
    | { readonly kind: 'silent' };
  /** Last lines of its standard error, secrets masked; at most 10. */
  readonly stderr: readonly string[];
  readonly stdout: readonly string[];
  readonly ms: number;
}

/** A refused local address, watched. */
export interface PatienceEvidence {
  readonly watchedMs: number;
  /** When it opened, milliseconds after the first refusal; null when it never did. */
  readonly openedAfterMs: number | null;
  readonly handshake: Handshake | null;
}

/** All facets, each absent until measured. The names are those of the probes that fill them. */
export interface Evidence {
  readonly target: HttpTarget;
  readonly host: HostEvidence;
  readonly dns?: DnsEvidence;
  readonly resolver?: ResolverEvidence;
  readonly tcp?: TcpEvidence;
  readonly tls?: TlsEvidence;
  readonly proxy?: ProxyEvidence;
  /** What programs that follow the system's settings do, while the client does not. */
  readonly systemProxy?: SystemProxyEvidence;
  readonly clientCertificate?: ClientCertificateEvidence;
  readonly direct?: Handshake;
  readonly proxied?: Handshake;
  readonly peek?: readonly PeekEvidence[];
  /** The same URL with the other scheme on the same port, without any configured header when that is plain http. */
  readonly otherScheme?: Handshake;
  readonly siblings?: SiblingsEvidence;
  readonly hostGuard?: HostGuardEvidence;
  readonly paths?: PathsEvidence;
  /** The transport that was not configured, tried on the same URL. */
  readonly otherTransport?: Handshake;
  readonly machine?: MachineEvidence;
  readonly holder?: HolderEvidence;
  readonly containers?: ContainersEvidence;
  readonly ports?: PortsEvidence;
  readonly start?: StartEvidence;
  readonly patience?: PatienceEvidence;
  readonly routes?: RoutesEvidence;
  readonly sandbox?: SandboxEvidence;
  readonly wsl?: WslEvidence;
  readonly log?: LogEvidence;
  readonly filters?: FiltersEvidence;
}

/** Facets. */
export type EvidenceKind = Exclude<keyof Evidence, 'target' | 'host'>;

/** Facets that are the same for every client of one address; the logs are each client's own. */
export type SharedKind = Exclude<EvidenceKind, 'log'>;
