/** Plain questions about certificates that several TLS causes ask. Pure. */
import type { CertificateFacts, Evidence, TrustResult } from './evidence.ts';
import { endpoint, isReady, lastExchange, usesProxy, works } from './view.ts';

/** Why a certificate was not accepted, with everything that was seen of it. */
export interface CertificateFault {
  /** OpenSSL's verification code; null when the chain is trusted and only the name is wrong. */
  readonly code: string | null;
  /** Null when no certificate was seen, only the code. */
  readonly nameMatches: boolean | null;
  /** As sent, leaf first; empty when the target was reached through a proxy only. */
  readonly chain: readonly CertificateFacts[];
  readonly stores: readonly TrustResult[];
  /** When it was looked at, ISO 8601. */
  readonly at: string | null;
  /** The proxy stops the client before it meets this certificate: not yet the reason why it fails. */
  readonly foretold: boolean;
  /** Who issued it, where only the way through a proxy shows it and nothing else is known. */
  readonly issuer?: string;
  /** The proxy in whose tunnel it was met; absent when it was met directly. */
  readonly proxy?: string;
}

const NAME_CODES: ReadonlySet<string> = new Set(['ERR_TLS_CERT_ALTNAME_INVALID', 'HOSTNAME_MISMATCH']);

/** OpenSSL's verification codes as Node names them; other codes of the TLS stage are about the handshake itself. */
const CHAIN_CODE =
  /^(?:CERT_|CRL_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|ERROR_IN_CERT_|INVALID_CA$|INVALID_PURPOSE$|PATH_LENGTH_EXCEEDED$|UNSPECIFIED$)/;

/** What is wrong with the certificate that the client meets; undefined when nothing is, or when none was seen. */
export function certificateFault(evidence: Evidence): CertificateFault | undefined {
  if (works(evidence)) return undefined;
  const failure = usesProxy(evidence) ? lastExchange(evidence.proxied)?.failure : null;
  const through = failure?.stage === 'tls' ? failure.code : null;
  const { tls } = evidence;
  if (tls !== undefined) {
    if (tls.trusted !== false) return undefined;
    const { verifyCode, nameMatches, chain, stores, at } = tls;
    return { code: verifyCode, nameMatches, chain, stores, at: at ?? null, foretold: usesProxy(evidence) && through === null };
  }
  // A certificate that only the way through the proxy shows is the proxy's.
  if (through === null || isReady(evidence.direct)) return undefined;
  const proxy = evidence.proxy?.effective.proxy ?? undefined;
  const nothingSeen = {
    chain: [],
    stores: [],
    at: null,
    foretold: false,
    ...(failure?.issuer === undefined ? {} : { issuer: failure.issuer }),
    ...(proxy === undefined ? {} : { proxy }),
  };
  if (NAME_CODES.has(through)) return { code: null, nameMatches: false, ...nothingSeen };
  return CHAIN_CODE.test(through) ? { code: through, nameMatches: null, ...nothingSeen } : undefined;
}

/** Whether a certificate is outside its dates. */
export function isDateCode(code: string | null): boolean {
  return code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID';
}

/** Whether the server's own certificate signed itself, and no root of the client's vouches for it. */
export function isSelfSignedLeaf({ code, chain, stores }: CertificateFault): boolean {
  if (code === 'DEPTH_ZERO_SELF_SIGNED_CERT') return true;
  const alone = chain.length === 1 && chain[0]?.selfSigned === true;
  return alone && isDateCode(code) && rootOf(stores, 'node') === null;
}

/** The root in a store that the chain leads to, dates apart; undefined when that was not looked at. */
export function rootOf(stores: readonly TrustResult[], store: TrustResult['store']): string | null | undefined {
  return stores.find((one) => one.store === store)?.anchor;
}

/** The most telling part of a distinguished name: its common name, else its first part. */
export function shortName(name: string): string {
  return /(?:^|, )CN=([^,]+)/.exec(name)?.[1] ?? name.split(', ')[0] ?? name;
}

/** The organisation in a distinguished name. */
export function organisationOf(name: string): string | null {
  return /(?:^|, )O=([^,]+)/.exec(name)?.[1] ?? null;
}

/** `203.0.113.7:443 (mcp.example.com)`, or the name alone when no address was measured. */
export function serverWords({ target, tls }: Evidence): string {
  const named = endpoint(target.host, target.port);
  return tls === undefined || tls.address === target.host ? named : `${named} (${tls.address})`;
}

/** Shows the certificates a server sends; OpenSSL is part of most systems and of Git for Windows. */
export function showCertificates({ target }: Evidence, platform: NodeJS.Platform, more = '-showcerts'): string {
  const name = target.hostKind === 'name' ? ` -servername ${target.host}` : '';
  const command = `openssl s_client -connect ${endpoint(target.host, target.port)}${name} ${more}`.trim();
  return platform === 'win32' ? `echo Q | ${command}` : `${command} </dev/null`;
}
