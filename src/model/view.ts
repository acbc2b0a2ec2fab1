/** Plain questions to the evidence that several causes and the plan ask. Pure. */
import type { Address, AnswerMeaning, Evidence, Exchange, Handshake, ListeningSocket, TcpAttempt } from './evidence.ts';

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
  return isReady(evidence.patience?.handshake) ? evidence.patience.handshake : evidence.direct;
}

/** Whether the way the client takes leads to a proxy. */
export function usesProxy(evidence: Evidence): boolean {
  return evidence.proxy !== undefined && evidence.proxy.effective.proxy !== null;
}

/** Whether the target works as the client would use it. */
export function works(evidence: Evidence): boolean {
  return isReady(effective(evidence));
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
