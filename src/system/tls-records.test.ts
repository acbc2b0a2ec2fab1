import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decryptHandshake, readServerSecret } from './tls-decrypt.ts';
import { isTlsRecord, readsCertificateRequest } from './tls-records.ts';

function message(type: number, length: number): Buffer {
  return Buffer.concat([Buffer.from([type, 0, length >> 8, length & 255]), Buffer.alloc(length)]);
}

function record(type: number, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from([type, 3, 3, body.length >> 8, body.length & 255]), body]);
}

const hello = message(2, 70);
const certificate = message(11, 900);
const request = message(13, 30);
const done = message(14, 0);

test('a certificate request is found in one record, in several, and split between two', () => {
  assert.equal(readsCertificateRequest(record(22, Buffer.concat([hello, certificate, request, done]))), true);
  assert.equal(readsCertificateRequest(Buffer.concat([hello, certificate, request, done].map((one) => record(22, one)))), true);
  const whole = Buffer.concat([hello, certificate, request, done]);
  assert.equal(readsCertificateRequest(Buffer.concat([record(22, whole.subarray(0, 500)), record(22, whole.subarray(500))])), true);
});

test('a server that does not ask is told from one that says nothing', () => {
  assert.equal(readsCertificateRequest(record(22, Buffer.concat([hello, certificate, done]))), false);
  assert.equal(readsCertificateRequest(record(21, Buffer.from([2, 40]))), null);
  assert.equal(readsCertificateRequest(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')), null);
  assert.equal(readsCertificateRequest(Buffer.alloc(0)), null);
});

test('nothing after the change to encryption is read', () => {
  assert.equal(readsCertificateRequest(Buffer.concat([record(22, hello), record(20, Buffer.from([1])), record(22, request)])), false);
});

test('TLS records are told from text', () => {
  assert.equal(isTlsRecord(record(22, hello)), true);
  assert.equal(isTlsRecord(record(21, Buffer.from([2, 70]))), true);
  assert.equal(isTlsRecord(Buffer.from('HTTP/1.1 400')), false);
  assert.equal(isTlsRecord(Buffer.alloc(0)), false);
});

test('the secret is taken from its own line of the key log only', () => {
  assert.deepEqual(readServerSecret('SERVER_HANDSHAKE_TRAFFIC_SECRET 00ff a1b2\n'), [Buffer.from([0xa1, 0xb2])]);
  assert.deepEqual(readServerSecret('CLIENT_HANDSHAKE_TRAFFIC_SECRET 00ff a1b2\n'), []);
});

test('no bytes of a peer make the readers fail', () => {
  const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));
  const framed = fc
    .array(fc.tuple(fc.constantFrom(20, 21, 22, 23), bytes))
    .map((records) => Buffer.concat(records.map(([type, body]) => record(type, body))));
  fc.assert(
    fc.property(fc.oneof(bytes, framed), (heard) => {
      readsCertificateRequest(heard);
      assert.equal(decryptHandshake(heard, Buffer.alloc(32)), null);
    }),
  );
});
