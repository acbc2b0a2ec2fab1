/** A TLS 1.2 server that sends bytes where its certificate should be. */
import { randomBytes } from 'node:crypto';
import type { OnSocket } from './raw-tcp.ts';

const TLS_1_2 = [0x03, 0x03];
const HANDSHAKE_RECORD = 22;
const SERVER_HELLO = 2;
const CERTIFICATE = 11;
const SERVER_HELLO_DONE = 14;

function sized(bytes: number, content: Uint8Array): Buffer {
  const length = Buffer.alloc(bytes);
  length.writeUIntBE(content.length, 0, bytes);
  return Buffer.concat([length, content]);
}

function message(type: number, body: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([type]), sized(3, body)]);
}

/** RFC 5246, 7.4: ServerHello, Certificate and ServerHelloDone in one record. */
function flight(): Buffer {
  // TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, no compression, and the empty renegotiation_info that OpenSSL insists on (RFC 5746).
  const hello = Buffer.concat([Buffer.from(TLS_1_2), randomBytes(32), Buffer.from([0, 0xc0, 0x2f, 0, 0, 5, 0xff, 0x01, 0, 1, 0])]);
  const certificates = sized(3, sized(3, Buffer.from('this is no certificate at all, whatever one may say')));
  const messages = Buffer.concat([
    message(SERVER_HELLO, hello),
    message(CERTIFICATE, certificates),
    message(SERVER_HELLO_DONE, Buffer.alloc(0)),
  ]);
  return Buffer.concat([Buffer.from([HANDSHAKE_RECORD, ...TLS_1_2]), sized(2, messages)]);
}

export const unreadableCertificate: OnSocket = (socket) => {
  socket.once('data', () => socket.write(flight()));
  socket.resume();
};
