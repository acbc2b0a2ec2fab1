/** The smaller readers of the wire: headers, JSON-RPC, banners, start pages. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { printable, readBanner } from './banner.ts';
import { readChallenge, shownHeaders } from './headers.ts';
import { parseJson, readRpcResponse } from './json-rpc.ts';
import { recogniseProduct } from './product.ts';

describe('response headers', () => {
  it('shows only what is on the list, without secrets, and not at length', () => {
    const shown = shownHeaders({
      server: 'nginx',
      'set-cookie': ['session=abc'],
      'mcp-session-id': 'secret',
      authorization: 'Bearer x',
      location: 'https://user:pw@example.com/login?token=abcdef',
      via: ['1.1 a', '1.1 b'],
      'content-type': 'x'.repeat(500),
      'x-cache': undefined,
    });
    assert.deepEqual(Object.keys(shown), ['server', 'location', 'via', 'content-type']);
    assert.equal(shown['location'], 'https://***@example.com/login?token=***');
    assert.equal(shown['via'], '1.1 a, 1.1 b');
    assert.equal(shown['content-type']?.length, 200);
  });

  it('reads the first challenge with its parameters', () => {
    assert.deepEqual(readChallenge('Bearer realm="a, b", error=invalid_token, scope="x \\"y\\""'), {
      scheme: 'Bearer',
      parameters: { realm: 'a, b', error: 'invalid_token', scope: 'x "y"' },
    });
    assert.deepEqual(readChallenge('Basic'), { scheme: 'Basic', parameters: {} });
    assert.equal(readChallenge(undefined), null);
    assert.equal(readChallenge(''), null);
  });
});

describe('JSON-RPC responses', () => {
  const read = (text: string) => readRpcResponse(parseJson(text), 'a');

  it('reads results and errors, and nothing else', () => {
    assert.deepEqual(read('{"jsonrpc":"2.0","id":"a","result":{"x":1}}'), { id: 'a', result: { x: 1 }, error: null });
    assert.deepEqual(read('{"jsonrpc":"2.0","id":null,"error":{"code":-32000,"message":"no"}}')?.error, { code: -32000, message: 'no' });
    for (const other of ['{"jsonrpc":"2.0","method":"ping","id":1}', '{"result":1}', '"text"', 'null', '[]', '{', ''])
      assert.equal(read(other), null, other);
  });

  it('takes our own answer out of a batch, else the first', () => {
    const batch = (...ids: string[]) => `[${ids.map((id) => `{"jsonrpc":"2.0","id":"${id}","result":"${id}"}`).join(',')}]`;
    assert.equal(read(batch('b', 'a'))?.id, 'a');
    assert.equal(read(batch('b', 'c'))?.id, 'b');
  });

  it('survives any JSON', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => void readRpcResponse(value, 'a')));
  });

  it('survives errors of any shape', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (code, message) => {
        const got = readRpcResponse({ jsonrpc: '2.0', id: 'a', error: { code, message } }, 'a')?.error;
        assert.ok(typeof got?.code === 'number' && typeof got.message === 'string');
      }),
    );
  });
});

describe('banners', () => {
  for (const [bytes, speaks] of [
    [Buffer.from([0x16, 0x03, 0x01, 0, 5]), 'tls'],
    [Buffer.from([0x15, 0x03, 0x03, 0, 2]), 'tls'],
    ['HTTP/1.1 400 Bad Request\r\n', 'http'],
    ['SSH-2.0-OpenSSH_9.2\r\n', 'ssh'],
    ['220 mail.example.com ESMTP Postfix\r\n', 'smtp'],
    ['220 (vsFTPd 3.0.3)\r\n', 'ftp'],
    ['* OK [CAPABILITY IMAP4rev1] ready\r\n', 'imap'],
    ['RFB 003.008\n', 'vnc'],
    ["-ERR unknown command 'HEAD'\r\n", 'redis'],
    ['-NOAUTH Authentication required.\r\n', 'redis'],
    [Buffer.from([0x4a, 0, 0, 0, 10, ...Buffer.from('8.0.36\0')]), 'mysql'],
    ['hello\n', 'banner'],
  ] as const) {
    it(`${speaks}: ${printable(Buffer.from(bytes))}`, () => assert.equal(readBanner(Buffer.from(bytes)), speaks));
  }

  it('are shown as short printable ASCII', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => assert.match(printable(Buffer.from(bytes)), /^[\x20-\x7e]{0,80}$/)),
    );
  });
});

describe('start pages', () => {
  it('give well-known programs away', () => {
    const product = (headers: Record<string, string>, page: string) => recogniseProduct(200, headers, page).product;
    assert.equal(product({}, '<html><script src="/@vite/client">'), 'a Vite dev server');
    assert.equal(product({ 'x-powered-by': 'Next.js' }, ''), 'a Next.js server');
    assert.equal(product({ server: 'SimpleHTTP/0.6 Python/3.11' }, ''), "Python's http.server");
    assert.equal(product({ server: 'AirTunes/670.6.2' }, ''), 'the AirPlay receiver of macOS');
    assert.equal(product({}, '<html></html>'), null);
  });

  it('are told apart by what they contain', () => {
    const kind = (type: string, page: string) => recogniseProduct(200, { 'content-type': type }, page).kind;
    assert.deepEqual(
      [
        kind('', ''),
        kind('text/html', 'x'),
        kind('', '<!DOCTYPE html>'),
        kind('application/json', '{}'),
        kind('text/event-stream', ':'),
        kind('', 'x'),
      ],
      ['empty', 'html', 'html', 'json', 'event-stream', 'text'],
    );
  });
});
