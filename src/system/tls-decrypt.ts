/**
 * Reads the server's part of a TLS 1.3 handshake of our own, which is encrypted after the server hello. Node tells neither
 * that a client certificate was asked for nor shows the messages, but it does tell the secrets (RFC 8446, section 7).
 */
import { createDecipheriv, createHmac } from 'node:crypto';

interface Suite {
  readonly aead: 'aes-128-gcm' | 'aes-256-gcm' | 'chacha20-poly1305';
  readonly keyBytes: number;
  readonly hash: 'sha256' | 'sha384';
}

/** The cipher suites of TLS 1.3 by their code (RFC 8446, appendix B.4). */
const SUITES: Readonly<Record<number, Suite>> = {
  0x1301: { aead: 'aes-128-gcm', keyBytes: 16, hash: 'sha256' },
  0x1302: { aead: 'aes-256-gcm', keyBytes: 32, hash: 'sha384' },
  0x1303: { aead: 'chacha20-poly1305', keyBytes: 32, hash: 'sha256' },
};

const HANDSHAKE = 22;
const APPLICATION_DATA = 23;
const TAG_BYTES = 16;

/** The server's handshake secret in a line of the key log that node:tls emits; nothing for the other lines. */
export function readServerSecret(line: string): readonly Buffer[] {
  const secret = /^SERVER_HANDSHAKE_TRAFFIC_SECRET \S+ ([0-9a-f]+)/.exec(line)?.[1];
  return secret === undefined ? [] : [Buffer.from(secret, 'hex')];
}

/** The handshake messages that the server encrypted, one after the other; null when the records cannot be read. */
export function decryptHandshake(heard: Buffer, secret: Buffer): Buffer | null {
  const suite = suiteOf(heard);
  if (suite === null) return null;
  const key = expandLabel(suite, secret, 'key', suite.keyBytes);
  const iv = expandLabel(suite, secret, 'iv', 12);
  const messages: Buffer[] = [];
  let sequence = 0;
  for (let at = 0; at + 5 <= heard.length; at += 5 + heard.readUInt16BE(at + 3)) {
    const end = at + 5 + heard.readUInt16BE(at + 3);
    if (heard[at] !== APPLICATION_DATA) continue;
    const plain =
      end > heard.length ? null : open(suite, key, nonce(iv, sequence++), heard.subarray(at, at + 5), heard.subarray(at + 5, end));
    // After the handshake come records under other keys.
    if (plain === null) break;
    messages.push(plain);
  }
  return messages.length === 0 ? null : Buffer.concat(messages);
}

/** The suite that the last server hello chose: type, length, version and random stand before the session id and it. */
function suiteOf(heard: Buffer): Suite | null {
  let found: Suite | null = null;
  for (let at = 0; at + 5 <= heard.length; at += 5 + heard.readUInt16BE(at + 3)) {
    if (heard[at] !== HANDSHAKE || heard[at + 5] !== 2) continue;
    const session = at + 5 + 4 + 2 + 32;
    const suite = session + 1 + (heard[session] ?? 0);
    if (suite + 2 <= heard.length) found = SUITES[heard.readUInt16BE(suite)] ?? found;
  }
  return found;
}

/** HKDF-Expand-Label with an empty context (RFC 8446, section 7.1); one block is enough for keys up to the hash's length. */
function expandLabel({ hash }: Suite, secret: Buffer, label: string, length: number): Buffer {
  const name = Buffer.from(`tls13 ${label}`);
  const info = Buffer.concat([Buffer.from([0, length, name.length]), name, Buffer.from([0, 1])]);
  return createHmac(hash, secret).update(info).digest().subarray(0, length);
}

function nonce(iv: Buffer, sequence: number): Buffer {
  const value = Buffer.from(iv);
  value.writeUInt32BE((value.readUInt32BE(8) ^ sequence) >>> 0, 8);
  return value;
}

/** The handshake bytes of one record; null when it does not open, or holds something else. */
function open({ aead }: Suite, key: Buffer, iv: Buffer, header: Buffer, body: Buffer): Buffer | null {
  if (body.length <= TAG_BYTES) return null;
  // Types of node:crypto know the two families of ciphers apart only by literal.
  const decipher = createDecipheriv(aead as 'chacha20-poly1305', key, iv, { authTagLength: TAG_BYTES });
  const sealed = body.subarray(0, -TAG_BYTES);
  decipher.setAAD(header, { plaintextLength: sealed.length });
  decipher.setAuthTag(body.subarray(-TAG_BYTES));
  try {
    const padded = Buffer.concat([decipher.update(sealed), decipher.final()]);
    // The true type stands at the end, before padding of zeros.
    const last = padded.findLastIndex((byte) => byte !== 0);
    return padded[last] === HANDSHAKE ? padded.subarray(0, last) : null;
  } catch {
    return null;
  }
}
