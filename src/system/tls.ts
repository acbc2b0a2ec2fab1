import { checkServerIdentity, connect, type ConnectionOptions } from 'node:tls';
import type { CertificateFacts } from '../model/evidence.ts';
import { chainOf, parseCertificate, readCertificate } from './certificates.ts';
import { after } from './clock.ts';

export interface TlsAttempt {
  readonly address: string;
  readonly port: number;
  /** The name to ask for and to verify; an IP literal is verified but never sent as SNI. */
  readonly host: string;
  /** Trusted roots in PEM; undefined for Node's own, empty for none (the chain then shows what was really sent). */
  readonly ca?: readonly string[] | undefined;
  /** Offer every version and cipher OpenSSL can still do, to see what an old server speaks. */
  readonly anything?: boolean;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export type TlsResult =
  | {
      readonly kind: 'established';
      readonly protocol: string;
      readonly cipher: string;
      /** OpenSSL's verification code, null when the chain is trusted. Says nothing about names. */
      readonly verifyCode: string | null;
      readonly nameMatches: boolean;
      readonly chain: readonly CertificateFacts[];
      /** The same chain in DER. */
      readonly encoded: readonly Buffer[];
    }
  | { readonly kind: 'failed'; readonly code: string; readonly reason: string | null }
  | { readonly kind: 'closed'; readonly code: string }
  | { readonly kind: 'timed-out' };

/** One TLS handshake with one address; nothing is sent over it, so an untrusted certificate is looked at, not believed. */
export function tlsHandshake(attempt: TlsAttempt): Promise<TlsResult> {
  return new Promise((resolve) => {
    const socket = connect({ ...clientOptions(attempt), host: attempt.address, port: attempt.port });
    const settle = (result: TlsResult) => {
      cancel();
      attempt.signal.removeEventListener('abort', abort);
      socket.destroy();
      resolve(result);
    };
    const abort = () => settle({ kind: 'closed', code: 'ABORT_ERR' });
    const cancel = after(attempt.timeoutMs, () => settle({ kind: 'timed-out' }));
    attempt.signal.addEventListener('abort', abort, { once: true });
    socket.once('secureConnect', () => {
      const leaf = socket.getPeerCertificate(true);
      const encoded = chainOf(leaf);
      settle({
        kind: 'established',
        protocol: socket.getProtocol() ?? 'unknown',
        cipher: socket.getCipher().name,
        // `authorizationError` is the verification code as a string (node:tls), typed as Error for historical reasons.
        verifyCode: socket.authorized ? null : String(socket.authorizationError),
        nameMatches: encoded.length > 0 && checkServerIdentity(attempt.host, leaf) === undefined,
        chain: encoded.flatMap((certificate) => parseCertificate(certificate) ?? []).map(readCertificate),
        encoded,
      });
    });
    // Stays: an error after settling must not become an uncaught exception.
    socket.on('error', (error: NodeJS.ErrnoException & { reason?: string }) => {
      const code = error.code ?? 'UNKNOWN';
      const network = code === 'ECONNRESET' || code === 'EPIPE';
      settle(network ? { kind: 'closed', code } : { kind: 'failed', code, reason: error.reason ?? null });
    });
    socket.once('close', () => settle({ kind: 'closed', code: 'ECONNRESET' }));
    if (attempt.signal.aborted) abort();
  });
}

/** Options of node:tls with which every certificate is looked at, never believed: nothing may be sent over such a connection. */
export function clientOptions({ host, ca, anything }: Pick<TlsAttempt, 'host' | 'ca' | 'anything'>): ConnectionOptions {
  return {
    // RFC 6066 allows names only in SNI: no IP literal.
    servername: /^[\d.]+$|:/.test(host) ? '' : host,
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
    ...(ca === undefined ? {} : { ca: [...ca] }),
    ...(anything ? { minVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0' } : {}),
  };
}
