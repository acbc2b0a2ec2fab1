import type { PeekEvidence } from '../model/evidence.ts';

/** What a server's first bytes say it is; `banner` for text nobody recognises. */
export function readBanner(bytes: Buffer): PeekEvidence['speaks'] {
  const text = bytes.subarray(0, 200).toString('latin1');
  // A TLS record: handshake (22) or alert (21), version 3.x (RFC 8446, section 5.1).
  if ((bytes[0] === 0x16 || bytes[0] === 0x15) && bytes[1] === 0x03) return 'tls';
  if (/^HTTP\/\d/.test(text)) return 'http';
  if (text.startsWith('SSH-')) return 'ssh';
  if (/^220[ -].*(?:E?SMTP|Postfix|Exim|Sendmail)/i.test(text)) return 'smtp';
  if (/^220[ -]/.test(text)) return 'ftp';
  if (text.startsWith('* OK')) return 'imap';
  if (text.startsWith('RFB ')) return 'vnc';
  if (/^(?:-ERR|-NOAUTH|-DENIED|-MISCONF|\+PONG|\+OK\r\n)/.test(text)) return 'redis';
  // MySQL speaks first: three bytes of length, sequence 0, then protocol version 10 (or 255 for an error).
  if (bytes.length > 5 && bytes[3] === 0 && (bytes[4] === 10 || bytes[4] === 255) && bytes.readUIntLE(0, 3) < 1024) return 'mysql';
  return 'banner';
}

/** Printable ASCII of the first bytes, at most 80 characters; dots for the rest. */
export function printable(bytes: Buffer): string {
  return bytes
    .subarray(0, 80)
    .toString('latin1')
    .replace(/[\r\n]+$/, '')
    .replace(/[^\x20-\x7e]/g, '.');
}
