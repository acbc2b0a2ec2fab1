import { connect as tcpConnect } from 'node:net';
import { Duplex } from 'node:stream';
import { connect, type ConnectionOptions } from 'node:tls';
import { after } from './clock.ts';
import { clientOptions, type TlsAttempt } from './tls.ts';
import { decryptHandshake, readServerSecret } from './tls-decrypt.ts';

/** Record types of a handshake message and an alert (RFC 8446, section 5.1). */
const HANDSHAKE = 22;
const ALERT = 21;

/** Types of handshake messages (RFC 8446, section 4), the same in TLS 1.2. */
const SERVER_HELLO = 2;
const CERTIFICATE_REQUEST = 13;

/** Whether the port answers a TLS hello with TLS records: a handshake, or an alert that refuses it. */
export async function speaksTls(attempt: TlsAttempt): Promise<boolean> {
  return isTlsRecord(await hear(attempt, {}, (heard) => heard.length >= 2));
}

/**
 * Whether the server asks for a client certificate, seen in its TLS 1.2 handshake (RFC 5246, section 7.4.4), or in that of
 * TLS 1.3 when it speaks nothing older. Null when it completes neither.
 */
export async function asksForClientCertificate(attempt: TlsAttempt): Promise<boolean | null> {
  const asksInClear = (heard: Buffer) => readsCertificateRequest(heard);
  const clear = asksInClear(await hear(attempt, { maxVersion: 'TLSv1.2' }, (heard) => asksInClear(heard) === true));
  if (clear !== null) return clear;
  const secrets: Buffer[] = [];
  const keep = (line: Buffer) => secrets.push(...readServerSecret(line.toString('latin1')));
  const heard = await hear(attempt, { minVersion: 'TLSv1.3' }, () => false, keep);
  const messages = secrets[0] === undefined ? null : decryptHandshake(heard, secrets[0]);
  return messages === null ? null : hasMessage(messages, CERTIFICATE_REQUEST);
}

/** Whether bytes begin like a TLS record with a handshake message or an alert. */
export function isTlsRecord(bytes: Buffer): boolean {
  return (bytes[0] === HANDSHAKE || bytes[0] === ALERT) && bytes[1] === 3;
}

/** Finds a CertificateRequest among plain TLS 1.2 handshake records; null when there is no server hello at all. */
export function readsCertificateRequest(bytes: Buffer): boolean | null {
  const messages: Buffer[] = [];
  for (let at = 0; at + 5 <= bytes.length; ) {
    const length = bytes.readUInt16BE(at + 3);
    // Anything else (change cipher spec, alert) ends what is readable.
    if (bytes[at] !== HANDSHAKE) break;
    messages.push(bytes.subarray(at + 5, at + 5 + length));
    at += 5 + length;
  }
  const stream = Buffer.concat(messages);
  if (hasMessage(stream, CERTIFICATE_REQUEST)) return true;
  return hasMessage(stream, SERVER_HELLO) ? false : null;
}

/** Whether a run of handshake messages, each with its type and a length of three bytes, contains one of this type. */
function hasMessage(stream: Buffer, type: number): boolean {
  for (let at = 0; at + 4 <= stream.length; at += 4 + stream.readUIntBE(at + 1, 3)) {
    if (stream[at] === type) return true;
  }
  return false;
}

/** The bytes a peer sends during a TLS handshake, until it ends, the time is over, or enough was heard. Never throws. */
function hear(
  attempt: TlsAttempt,
  more: ConnectionOptions,
  isEnough: (heard: Buffer) => boolean,
  onKey?: (line: Buffer) => void,
): Promise<Buffer> {
  return new Promise((resolve) => {
    let heard = Buffer.alloc(0);
    const wire = tcpConnect({ host: attempt.address, port: attempt.port, autoSelectFamily: false });
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
    const socket = connect({ ...clientOptions(attempt), ...more, socket: tap });
    if (onKey !== undefined) socket.on('keylog', onKey);
    const settle = () => {
      cancel();
      attempt.signal.removeEventListener('abort', settle);
      wire.destroy();
      tap.destroy();
      socket.destroy();
      resolve(heard);
    };
    const cancel = after(attempt.timeoutMs, settle);
    attempt.signal.addEventListener('abort', settle, { once: true });
    wire.on('data', (chunk: Buffer) => {
      heard = Buffer.concat([heard, chunk]);
      tap.push(chunk);
      if (isEnough(heard)) settle();
    });
    wire.once('end', settle);
    wire.on('error', settle);
    socket.once('secureConnect', settle);
    // Stays: an error after settling must not become an uncaught exception.
    socket.on('error', settle);
    if (attempt.signal.aborted) settle();
  });
}
