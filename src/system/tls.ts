import { X509Certificate } from 'node:crypto';
import { connect as tcpConnect } from 'node:net';
import { Duplex } from 'node:stream';
import { checkServerIdentity, connect, type ConnectionOptions, type DetailedPeerCertificate } from 'node:tls';
import type { CertificateFacts } from '../model/evidence.ts';
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
    }
  | { readonly kind: 'failed'; readonly code: string; readonly reason: string | null }
  | { readonly kind: 'closed'; readonly code: string }
  | { readonly kind: 'timed-out' };

/** One TLS handshake with one address; nothing is sent over it, so an untrusted certificate is looked at, not believed. */
export function tlsHandshake(attempt: TlsAttempt): Promise<TlsResult> {
  return new Promise((resolve) => {
    const socket = connect(options(attempt));
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
      // `authorizationError` is the verification code as a string (node:tls), typed as Error for historical reasons.
      const verify = socket.authorized ? null : String(socket.authorizationError);
      settle({
        kind: 'established',
        protocol: socket.getProtocol() ?? 'unknown',
        cipher: socket.getCipher().name,
        verifyCode: verify === 'ERR_TLS_CERT_ALTNAME_INVALID' ? null : verify,
        nameMatches: Object.keys(leaf).length > 0 && checkServerIdentity(attempt.host, leaf) === undefined,
        chain: readChain(leaf),
      });
    });
    socket.on('error', (error: NodeJS.ErrnoException & { reason?: string }) => {
      const code = error.code ?? 'UNKNOWN';
      const network = code === 'ECONNRESET' || code === 'EPIPE';
      settle(network ? { kind: 'closed', code } : { kind: 'failed', code, reason: error.reason ?? null });
    });
    socket.once('close', () => settle({ kind: 'closed', code: 'ECONNRESET' }));
    if (attempt.signal.aborted) abort();
  });
}

function options({ address, port, host, ca, anything }: TlsAttempt): ConnectionOptions {
  return {
    host: address,
    port,
    servername: isName(host) ? host : '',
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
    ...(ca === undefined ? {} : { ca: [...ca] }),
    ...(anything ? { minVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0' } : {}),
  };
}

function isName(host: string): boolean {
  return !/^[\d.]+$|:/.test(host);
}

function readChain(leaf: DetailedPeerCertificate): readonly CertificateFacts[] {
  const chain: CertificateFacts[] = [];
  const seen = new Set<string>();
  let next: DetailedPeerCertificate | undefined = leaf;
  while (next?.raw !== undefined && !seen.has(next.fingerprint256)) {
    seen.add(next.fingerprint256);
    chain.push(readCertificate(new X509Certificate(next.raw)));
    next = next.issuerCertificate;
  }
  return chain;
}

/** A certificate's facts; names on one line each as OpenSSL prints them. */
export function readCertificate(certificate: X509Certificate): CertificateFacts {
  const line = (name: string) => name.split('\n').reverse().join(', ');
  return {
    subject: line(certificate.subject ?? ''),
    issuer: line(certificate.issuer ?? ''),
    names: [...(certificate.subjectAltName ?? '').matchAll(/(?:DNS|IP Address):([^,\s]+)/g)].map(([, name = '']) => name),
    validFrom: new Date(certificate.validFrom).toISOString(),
    validTo: new Date(certificate.validTo).toISOString(),
    selfSigned: certificate.subject === certificate.issuer && certificate.verify(certificate.publicKey),
    issuerUrls: [...(certificate.infoAccess ?? '').matchAll(/CA Issuers - URI:"?([^"\s]+)/g)].map(([, url = '']) => url),
    fingerprint: certificate.fingerprint256,
  };
}

/**
 * Whether the server asks for a client certificate, seen in the clear in a TLS 1.2 handshake (RFC 5246, section 7.4.4).
 * Null when the server does not speak TLS 1.2, whose successor encrypts the request.
 */
export function asksForClientCertificate(attempt: TlsAttempt): Promise<boolean | null> {
  return new Promise((resolve) => {
    const wire = tcpConnect({ host: attempt.address, port: attempt.port, autoSelectFamily: false });
    const heard: Buffer[] = [];
    // A plain Duplex, unlike a socket, lets us see the records on their way.
    const tap = new Duplex({
      read() {},
      write(chunk: Buffer, _encoding, done) {
        wire.write(chunk, () => done());
      },
      final(done) {
        wire.end(done);
      },
    });
    wire.on('data', (chunk: Buffer) => {
      heard.push(chunk);
      tap.push(chunk);
    });
    wire.once('end', () => tap.push(null));
    const { host: _host, port: _port, ...rest } = options(attempt);
    const socket = connect({ ...rest, socket: tap, maxVersion: 'TLSv1.2' });
    const settle = () => {
      cancel();
      wire.destroy();
      socket.destroy();
      resolve(readsCertificateRequest(Buffer.concat(heard)));
    };
    const cancel = after(attempt.timeoutMs, settle);
    wire.on('error', settle);
    socket.once('secureConnect', settle);
    socket.on('error', settle);
    socket.once('close', settle);
  });
}

/** Finds a CertificateRequest among plain TLS 1.2 handshake records; null when there is no server hello at all. */
export function readsCertificateRequest(bytes: Buffer): boolean | null {
  const messages: Buffer[] = [];
  for (let at = 0; at + 5 <= bytes.length; ) {
    const length = bytes.readUInt16BE(at + 3);
    // 22: handshake. 20 (change cipher spec) ends what is readable.
    if (bytes[at] !== 22) break;
    messages.push(bytes.subarray(at + 5, at + 5 + length));
    at += 5 + length;
  }
  const stream = Buffer.concat(messages);
  let hello = false;
  for (let at = 0; at + 4 <= stream.length; at += 4 + stream.readUIntBE(at + 1, 3)) {
    if (stream[at] === 2) hello = true;
    if (stream[at] === 13) return true;
  }
  return hello ? false : null;
}
