/** Plain questions to the evidence that several causes and the plan ask. Pure. */
import type { Address, AnswerMeaning, Evidence, Exchange, Handshake, ListeningSocket, ProcessFacts, TcpAttempt } from './evidence.ts';
import { reverseProxyOf } from './reverse-proxies.ts';

/** Whether the handshake and the tools were fine. */
export function isReady(handshake: Handshake | undefined | null): handshake is Handshake & { result: { kind: 'ready' } } {
  return handshake?.result.kind === 'ready';
}

/**
 * The handshake made the way the client would make it: through the proxy that counts for it, else directly; for a
 * target that came up while it was watched, the one it completed then.
 */
export function effective(evidence: Evidence): Handshake | undefined {
  if (usesProxy(evidence)) return evidence.proxied;
  return evidence.patience?.handshake ?? evidence.direct;
}

/** Whether the way the client takes leads to a proxy that can be walked here; SOCKS is not spoken, the direct way stands for it. */
export function usesProxy(evidence: Evidence): boolean {
  return evidence.proxy?.effective.proxy?.startsWith('http') === true;
}

/** Whether the target works as the client would use it, its patience included. */
export function works(evidence: Evidence): boolean {
  const handshake = effective(evidence);
  return isReady(handshake) && !isTooLate(evidence, handshake);
}

/** Whether a handshake came later than the client waits for it. */
export function isTooLate({ target }: Evidence, { readyMs }: Handshake): boolean {
  return readyMs !== null && readyMs > target.limitMs;
}

/** The client's way, answered or broken without success: how it ended, and at which layer that shows. */
export interface Failed {
  readonly handshake: Handshake;
  readonly last: Exchange;
  /** `tools` when the handshake itself was good. */
  readonly layer: 'http' | 'tools';
}

/** How the client's way failed; undefined while it is not measured, or when it did not fail. */
export function failedWay(evidence: Evidence): Failed | undefined {
  const handshake = effective(evidence);
  const last = lastExchange(handshake);
  if (handshake === undefined || last === undefined || isReady(handshake)) return undefined;
  return { handshake, last, layer: handshake.result.kind === 'tools-failed' ? 'tools' : 'http' };
}

/** Whether no handshake comes about and the target's own addresses and port are in question: dialled by the client itself, or refused to its proxy as well. */
export function failsDirectly(evidence: Evidence): boolean {
  return !works(evidence) && (!usesProxy(evidence) || isRefusedToProxy(evidence));
}

/** Whether a proxy says that it got no answer from the target (RFC 9110, section 15.6). */
export function isGatewayStatus(status: number | null | undefined): boolean {
  return status === 502 || status === 503 || status === 504;
}

/** Whether the proxy only reports what every direct attempt met as well: nobody listens there. */
export function isRefusedToProxy({ tcp, proxied }: Evidence): boolean {
  const last = lastExchange(proxied);
  const refused = tcp !== undefined && tcp.attempts.length > 0 && tcp.attempts.every(({ outcome }) => outcome === 'refused');
  return refused && isGatewayStatus(last?.failure?.status ?? last?.answer?.status);
}

/** The exchange that decided how a handshake ended. */
export function lastExchange(handshake: Handshake | undefined): Exchange | undefined {
  return handshake?.exchanges.at(-1);
}

/** What the deciding answer of the client's way means; undefined without an answer. */
export function lastMeaning(evidence: Evidence): AnswerMeaning | undefined {
  return lastExchange(effective(evidence))?.meaning ?? undefined;
}

/** The addresses that the target's host stands for, in the order in which they are dialled. */
export function addressesOf({ target, dns }: Evidence): readonly Address[] {
  if (target.hostKind === 'name') return dns?.addresses ?? [];
  return [{ address: target.host, family: target.hostKind === 'ipv4' ? 4 : 6 }];
}

/** 127.0.0.0/8 (RFC 1122) or ::1 (RFC 4291), also IPv4-mapped. */
export function isLoopback(address: string): boolean {
  return address === '::1' || /^(?:::ffff:)?127\./.test(address);
}

/** 0.0.0.0 or ::, which as a destination mean "this machine" on some systems and nothing on others. */
export function isWildcard(address: string): boolean {
  return address === '0.0.0.0' || address === '::';
}

/** Names that mean this machine by themselves (RFC 6761, section 6.3). */
export function isLocalhostName(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost');
}

/** Whether an address is one of this machine's own. */
export function isOwnAddress(evidence: Evidence, address: string): boolean {
  return isLoopback(address) || isWildcard(address) || evidence.host.addresses.includes(address);
}

/** Whether the target is on this machine: by name, or by an address that is ours. */
export function isLocal(evidence: Evidence): boolean {
  return isLocalhostName(evidence.target.host) || addressesOf(evidence).some(({ address }) => isOwnAddress(evidence, address));
}

/** Attempts that opened, in dialling order. */
export function openAttempts(evidence: Evidence): readonly TcpAttempt[] {
  return evidence.tcp?.attempts.filter(({ outcome }) => outcome === 'open') ?? [];
}

/** Listeners on the target's port of this machine; empty when none, undefined when not measured. */
export function listenersOnPort(evidence: Evidence): readonly ListeningSocket[] | undefined {
  const sockets = evidence.machine?.sockets;
  return sockets?.kind === 'measured' ? sockets.value.filter(({ port }) => port === evidence.target.port) : undefined;
}

/** A handshake at an address of the target's port that the client does not get to. */
export interface Beside extends Address {
  readonly handshake: Handshake;
  /** False when the answer is one of an MCP server that wants more, for example credentials. */
  readonly ready: boolean;
  /** The URL that it answered, with the address as host. */
  readonly url: string;
  /** What else is not as configured, for the evidence; null when only the address is wrong. */
  readonly also: string | null;
}

/** Answers that a program gives which is no MCP server's neighbour but the server itself. */
const MCP_ANSWERS: ReadonlySet<AnswerMeaning> = new Set([
  'auth-required',
  'host-rejected',
  'origin-rejected',
  'version-unsupported',
  'other-modern-version',
  'modern-request-fault',
  'session-unknown',
  'session-required',
]);

/** Whether a handshake ended as only an MCP server ends it, well or not. */
export function speaksMcp(handshake: Handshake): boolean {
  const meaning = lastExchange(handshake)?.meaning ?? null;
  return isReady(handshake) || handshake.result.kind === 'tools-failed' || (meaning !== null && MCP_ANSWERS.has(meaning));
}

/** The MCP server on the target's own port at another address than the one the client gets to; a finished handshake first. */
export function besideTarget(found: Evidence): Beside | undefined {
  const { target, siblings, start } = found;
  const started = start?.outcome.kind === 'elsewhere' ? start.outcome.handshake : null;
  const here = started !== null && portOf(started) === target.port ? [started] : [];
  const all = [...(siblings?.handshakes ?? []), ...here].flatMap((handshake) => {
    const { route } = handshake;
    if (route.kind !== 'direct' || !speaksMcp(handshake)) return [];
    const { address, family } = route;
    const { scheme, path } = partsOf(handshake);
    const differing = [scheme === target.scheme ? [] : [`scheme ${scheme}`], path === target.path ? [] : [`path ${path}`]].flat();
    const also = differing.length === 0 ? null : `also other than configured: ${differing.join(', ')}`;
    return [{ address, family, handshake, ready: isReady(handshake), url: urlWith(found, { host: address, scheme, path }), also }];
  });
  return all.find(({ ready }) => ready) ?? all[0];
}

function partsOf({ url }: Handshake): { readonly scheme: 'http' | 'https'; readonly path: string } {
  const { protocol, pathname } = new URL(url);
  return { scheme: protocol === 'https:' ? 'https' : 'http', path: pathname };
}

/** Every listening port of this machine; empty when not measured. */
export function takenPorts({ machine }: Evidence): readonly number[] {
  return machine?.sockets.kind === 'measured' ? machine.sockets.value.map(({ port }) => port) : [];
}

/** One line for each MCP server that answers on another port of this machine. */
export function otherServers({ ports }: Evidence): readonly string[] {
  return (ports?.found ?? []).map(
    ({ port, handshake }) => `an MCP server answers on port ${port}: ${handshake.result.server?.name ?? 'it gives no name'}`,
  );
}

/** The port that a handshake was made with. */
export function portOf({ url }: Handshake): number {
  const { port, protocol } = new URL(url);
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
}

/** The process that holds the target's port, as far as the system told. */
export function holderProcess({ holder }: Evidence): ProcessFacts | undefined {
  return holder?.holders.flatMap(({ owner }) => (owner.kind === 'measured' ? [owner.value] : []))[0];
}

/** `node (pid 4242): node server.js`, as evidence shows a process. */
export function processWords({ name, pid, command, user }: ProcessFacts): string {
  return `${name} (pid ${pid}${user === null ? '' : `, user ${user}`})${command === '' ? '' : `: ${command}`}`;
}

/** `127.0.0.1:3000` or `[::1]:3000`. */
export function endpoint(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/** The target's URL with some parts replaced, in shown form (no query values, no credentials). */
export function urlWith(evidence: Evidence, change: { scheme?: 'http' | 'https'; host?: string; port?: number; path?: string }): string {
  const { target } = evidence;
  const scheme = change.scheme ?? target.scheme;
  const host = change.host ?? target.host;
  const port = change.port ?? target.port;
  const standard = port === (scheme === 'https' ? 443 : 80);
  return `${scheme}://${host.includes(':') ? `[${host}]` : host}${standard ? '' : `:${port}`}${change.path ?? target.path}`;
}

/** OpenSSL's codes for a peer whose first bytes are no TLS record. */
export const NO_TLS_RECORD: ReadonlySet<string> = new Set([
  'ERR_SSL_WRONG_VERSION_NUMBER',
  'ERR_SSL_PACKET_LENGTH_TOO_LONG',
  'ERR_SSL_HTTP_REQUEST',
]);

/** What the target's port seems to speak when that is the scheme that was not meant; null when there is no sign of it. */
export function otherSchemeSpoken(evidence: Evidence): 'http' | 'https' | null {
  const { target, tls, peek, direct, proxied } = evidence;
  const spoken = peek?.find(({ address }) => address === openAttempts(evidence)[0]?.address)?.speaks;
  if (target.scheme === 'http') return spoken === 'tls' && !isReady(direct) ? 'https' : null;
  if (tls !== undefined) return tls.outcome.kind !== 'established' && spoken === 'http' ? 'http' : null;
  // Where only the proxy reaches the target, its tunnel tells.
  const failure = lastExchange(proxied)?.failure;
  return failure?.stage === 'tls' && NO_TLS_RECORD.has(failure.code ?? '') ? 'http' : null;
}

/** An event stream whose beginning was awaited in vain. */
export interface SilentStream {
  readonly exchange: Exchange;
  /** Whether the head of the answer arrived. */
  readonly head: boolean;
  /** The reverse proxy that signed an answer at this address, null when none did. */
  readonly proxy: string | null;
}

/** The event stream that stayed silent on the client's way, or when it was tried there besides. */
export function silentStream(evidence: Evidence): SilentStream | undefined {
  const handshake = effective(evidence);
  if (handshake === undefined || isReady(handshake)) return undefined;
  const last = lastExchange(handshake);
  const streams = [last, handshake.stream ?? undefined].filter((one) => one?.failure?.reason === 'timed-out');
  const exchange = streams.find(
    (one) => one?.request === 'sse' || one?.failure?.head?.headers['content-type']?.startsWith('text/event-stream'),
  );
  if (exchange === undefined) return undefined;
  const seen = [...handshake.exchanges, ...(evidence.otherTransport?.exchanges ?? []), exchange];
  const proxies = seen.map(({ answer, failure }) => reverseProxyOf(answer?.headers ?? failure?.head?.headers ?? {}));
  return { exchange, head: exchange.failure?.head != null, proxy: proxies.find((one) => one !== null) ?? null };
}

/** Programs that dial the target themselves under the same variables, in the words of a sentence. */
export function directReaders({ proxy }: Evidence): readonly string[] {
  const names = {
    'node-fetch': "Node's fetch",
    undici: 'undici',
    curl: 'curl',
    urllib: "Python's urllib",
    python: "Python's requests",
    httpx: "Python's httpx",
    go: 'Go',
    system: "programs that follow the system's settings",
  };
  // Where it is the system's setting, Python follows it as well on macOS and Windows (urllib.request.getproxies), by rules of its own.
  const { store, script } = proxy?.effective.source ?? {};
  const follow = script === null && (store === 'macos' || store === 'windows') ? ['urllib', 'python', 'httpx'] : [];
  const direct = proxy?.choices.filter((choice) => choice.proxy === null && !choice.unusable && !follow.includes(choice.reader)) ?? [];
  return direct.map(({ reader }) => names[reader]);
}

/** Whether a configured name and the server's own have a word in common; words like "mcp" and "server" say nothing. */
export function nameFits(name: string | null, { result }: Handshake): boolean {
  const wanted = words(name ?? '');
  return words(result.server?.name ?? '').some((word) => wanted.includes(word));
}

function words(name: string): readonly string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word.length > 1 && !['mcp', 'server', 'local', 'http', 'dev'].includes(word));
}

/** A POST that stays without an answer although a reverse proxy at this address passed on answers before; undefined otherwise. */
export function heldAnswer(evidence: Evidence): SilentStream | undefined {
  const way = failedWay(evidence);
  if (way?.last.failure?.reason !== 'timed-out' || way.last.request === 'sse') return undefined;
  const signed = way.handshake.exchanges.map(({ answer, failure }) => reverseProxyOf(answer?.headers ?? failure?.head?.headers ?? {}));
  const proxy = signed.find((one) => one !== null) ?? null;
  return proxy === null ? undefined : { exchange: way.last, head: way.last.failure.head !== null, proxy };
}
