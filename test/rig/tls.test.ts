/** Real TLS servers, one for each way in which the handshake or the certificate can be wrong. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer, type ServerOptions } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { diagnose } from '../../src/diagnose/run.ts';
import type { ReportTarget } from '../../src/model/report.ts';
import { asksForClientCertificate, speaksTls } from '../../src/system/tls-records.ts';
import { type TlsAttempt, tlsHandshake } from '../../src/system/tls.ts';
import { type Authority, createAuthority, createSelfSigned, type Issued, type LeafOptions, tlsOptions } from '../lab/certificates.ts';
import { rawMcp } from '../lab/servers/raw-mcp.ts';

const servers: Server[] = [];
const sockets = new Set<Socket>();
let home = '';
let authority: Authority;
let caFile = '';

before(async () => {
  home = await mkdtemp(join(tmpdir(), 'mcpreach-tls-'));
  authority = await createAuthority();
  caFile = await save('ca.pem', authority.certificate);
});

after(async () => {
  for (const socket of sockets) socket.destroy();
  for (const server of servers) server.close();
  await rm(home, { recursive: true });
});

async function save(name: string, content: string): Promise<string> {
  const path = join(home, name);
  await writeFile(path, content);
  return path;
}

async function listen(server: Server): Promise<number> {
  servers.push(server);
  server.on('tlsClientError', () => {});
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

function serve(options: ServerOptions): Promise<number> {
  return listen(createHttpsServer(options, rawMcp().handle));
}

async function serveLeaf(options: LeafOptions = {}, ...chain: readonly Issued[]): Promise<number> {
  return serve(tlsOptions(await authority.leaf(options), ...chain));
}

interface Trust {
  readonly ca?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

async function ask(url: string, { ca, environment = {} }: Trust = {}): Promise<ReportTarget> {
  const report = await diagnose([url], { patienceMs: 0, timeoutMs: 4000, environment, ...(ca === undefined ? {} : { ca }) });
  const [target] = report.targets;
  assert.ok(target);
  return target;
}

function said({ findings, cause }: ReportTarget): string {
  const finding = findings.find((one) => one.cause === cause);
  return [
    finding?.summary,
    ...(finding?.evidence ?? []),
    ...(finding?.remedies ?? []).map(({ title, command, value }) => `${title} ${command} ${value}`),
  ].join('\n');
}

function attempt(port: number, more: Partial<TlsAttempt> = {}): TlsAttempt {
  return { address: '127.0.0.1', port, host: 'localhost', timeoutMs: 3000, signal: new AbortController().signal, ...more };
}

describe('a certificate', () => {
  it('that is trusted and fits lets the handshake through', async () => {
    const target = await ask(`https://127.0.0.1:${await serveLeaf()}/mcp`, { ca: caFile });
    assert.equal(target.status, 'ok', JSON.stringify(target.findings));
  });

  it('is trusted by the NODE_EXTRA_CA_CERTS of the client as well', async () => {
    const target = await ask(`https://127.0.0.1:${await serveLeaf()}/mcp`, { environment: { NODE_EXTRA_CA_CERTS: caFile } });
    assert.equal(target.status, 'ok', JSON.stringify(target.findings));
  });

  it('that signed itself is tls-self-signed, and trusted once it is among the roots', async () => {
    const own = await createSelfSigned();
    const url = `https://127.0.0.1:${await serve(tlsOptions(own))}/mcp`;
    const target = await ask(url);
    assert.equal(target.cause, 'tls-self-signed');
    assert.equal(target.certainty, 'proved');
    assert.match(said(target), /NODE_EXTRA_CA_CERTS/);
    assert.equal((await ask(url, { ca: await save('own.pem', own.certificate) })).status, 'ok');
  });

  it('of a private root is tls-unknown-ca, whether the root is sent or not', async () => {
    for (const chain of [[], [authority]]) {
      const target = await ask(`https://127.0.0.1:${await serveLeaf({}, ...chain)}/mcp`);
      assert.equal(target.cause, 'tls-unknown-ca');
      assert.match(target.summary, /"Lab Root CA", an authority that is not among the trusted roots/);
    }
  });

  it('without its intermediate is tls-unknown-ca that says so when the root is known', async () => {
    const intermediate = await authority.intermediate();
    const leaf = await intermediate.leaf();
    const target = await ask(`https://127.0.0.1:${await serve(tlsOptions(leaf))}/mcp`, { ca: caFile });
    assert.equal(target.cause, 'tls-unknown-ca');
    assert.match(target.summary, /does not send the intermediate certificate "Lab Intermediate"/);
    assert.match(said(target), /fullchain\.pem/);
    const mended = await ask(`https://127.0.0.1:${await serve(tlsOptions(leaf, intermediate))}/mcp`, { ca: caFile });
    assert.equal(mended.status, 'ok');
  });

  it('with an unreadable file of roots names that file', async () => {
    const file = await save('broken.pem', 'no certificate at all');
    const target = await ask(`https://127.0.0.1:${await serveLeaf()}/mcp`, { environment: { NODE_EXTRA_CA_CERTS: file } });
    assert.equal(target.cause, 'tls-unknown-ca');
    assert.ok(said(target).includes(file));
  });

  it('that has expired is tls-expired with its dates', async () => {
    const target = await ask(`https://127.0.0.1:${await serveLeaf({ fromDays: -40, toDays: -10 })}/mcp`, { ca: caFile });
    assert.equal(target.cause, 'tls-expired');
    assert.match(target.summary, /expired on \d{4}-\d\d-\d\d, 10 days ago\.$/);
    assert.deepEqual(
      target.findings.map(({ cause }) => cause).filter((cause) => cause.startsWith('tls-')),
      ['tls-expired'],
    );
  });

  it('that is not valid yet is tls-expired and points at the clock', async () => {
    const target = await ask(`https://127.0.0.1:${await serveLeaf({ fromDays: 3, toDays: 30 })}/mcp`, { ca: caFile });
    assert.equal(target.cause, 'tls-expired');
    assert.match(target.summary, /valid only from .* on, (?:3 days|71 hours) from now/);
    assert.match(said(target), /clock/);
  });

  it('whose issuer has expired is tls-expired and names the issuer', async () => {
    const old = await authority.intermediate({ fromDays: -40, toDays: -2 });
    const target = await ask(`https://127.0.0.1:${await serve(tlsOptions(await old.leaf(), old))}/mcp`, { ca: caFile });
    assert.equal(target.cause, 'tls-expired');
    assert.match(target.summary, /issuer certificate "Lab Intermediate"/);
  });

  it('for another name is tls-hostname and lists its names', async () => {
    const target = await ask(`https://127.0.0.1:${await serveLeaf({ names: ['localhost', 'mcp.example.com'] })}/mcp`, { ca: caFile });
    assert.equal(target.cause, 'tls-hostname');
    assert.match(target.summary, /is not for "127\.0\.0\.1" but for localhost, mcp\.example\.com\.$/);
    assert.match(said(target), /https:\/\/localhost:\d+\/mcp/);
  });

  it('with several faults is named after the first, and the next is foretold', async () => {
    const target = await ask(`https://127.0.0.1:${await serveLeaf({ names: ['mcp.example.com'], fromDays: -9, toDays: -1 })}/mcp`, {
      ca: caFile,
    });
    assert.equal(target.cause, 'tls-expired');
    assert.ok(target.findings.some(({ cause, hiddenBy }) => cause === 'tls-hostname' && hiddenBy === null));
    const own = await ask(`https://127.0.0.1:${await serve(tlsOptions(await createSelfSigned({ names: ['mcp.example.com'] })))}/mcp`);
    assert.equal(own.cause, 'tls-self-signed');
    assert.ok(own.findings.some(({ cause }) => cause === 'tls-hostname'));
  });
});

describe('the handshake', () => {
  it('of a server that ends at TLS 1.1 is tls-protocol, proved by what it does accept', async () => {
    const options = {
      ...tlsOptions(await authority.leaf()),
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.1',
      ciphers: 'ALL:@SECLEVEL=0',
    } as const;
    const target = await ask(`https://127.0.0.1:${await serve(options)}/mcp`, { ca: caFile });
    assert.equal(target.cause, 'tls-protocol');
    assert.equal(target.certainty, 'proved');
    assert.match(target.summary, /TLSv1\.1/);
  });

  it('with a certificate that cannot be parsed is tls-protocol', async () => {
    const port = await listen(createTcpServer((socket) => socket.once('data', () => socket.write(garbledCertificate()))));
    const target = await ask(`https://127.0.0.1:${port}/mcp`, { ca: caFile });
    assert.equal(target.cause, 'tls-protocol', JSON.stringify(target.findings));
    assert.match(target.summary, /cannot be read/);
  });

  for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
    it(`of a server that demands a client certificate is tls-client-cert (${maxVersion})`, async () => {
      const options = {
        ...tlsOptions(await authority.leaf()),
        requestCert: true,
        rejectUnauthorized: true,
        ca: authority.certificate,
        maxVersion,
      };
      const target = await ask(`https://127.0.0.1:${await serve(options)}/mcp`, { ca: caFile });
      assert.equal(target.cause, 'tls-client-cert', JSON.stringify(target.findings));
      assert.equal(target.certainty, 'proved');
    });
  }

  it('of a server that would like a client certificate and does not need one is fine', async () => {
    const options = { ...tlsOptions(await authority.leaf()), requestCert: true, rejectUnauthorized: false };
    const target = await ask(`https://127.0.0.1:${await serve(options)}/mcp`, { ca: caFile });
    assert.equal(target.status, 'ok', JSON.stringify(target.findings));
  });
});

describe('the scheme', () => {
  it('https to a plain port is wrong-scheme, proved by the same handshake in plain http', async () => {
    const port = await listen(createHttpServer(rawMcp().handle));
    const target = await ask(`https://127.0.0.1:${port}/mcp`);
    assert.equal(target.cause, 'wrong-scheme', JSON.stringify(target.findings));
    assert.equal(target.certainty, 'proved');
    assert.match(said(target), new RegExp(`http://127\\.0\\.0\\.1:${port}/mcp`));
  });

  it('http to a TLS port is wrong-scheme', async () => {
    const port = await serveLeaf();
    const target = await ask(`http://127.0.0.1:${port}/mcp`, { ca: caFile });
    assert.equal(target.cause, 'wrong-scheme', JSON.stringify(target.findings));
    assert.equal(target.certainty, 'proved');
  });

  it('http to a TLS port whose certificate is not trusted is likely the same', async () => {
    const target = await ask(`http://127.0.0.1:${await serveLeaf()}/mcp`);
    assert.equal(target.cause, 'wrong-scheme', JSON.stringify(target.findings));
    assert.equal(target.certainty, 'likely');
    assert.match(said(target), /UNABLE_TO_VERIFY_LEAF_SIGNATURE/);
  });

  it('never sends configured headers in the clear where https was meant', async () => {
    const seen: string[] = [];
    const app = rawMcp();
    const port = await listen(
      createHttpServer((request, response) => {
        seen.push(JSON.stringify(request.headers));
        app.handle(request, response);
      }),
    );
    await diagnose([{ url: `https://127.0.0.1:${port}/mcp?key=s3cr3t`, headers: { authorization: 'Bearer s3cr3t' } }], {
      patienceMs: 0,
      timeoutMs: 2000,
      environment: {},
    });
    assert.ok(seen.length > 0);
    assert.doesNotMatch(seen.join(), /s3cr3t/);
  });
});

describe('low-level looks', () => {
  it('tell whether a port speaks TLS', async () => {
    assert.equal(await speaksTls(attempt(await serveLeaf())), true);
    const old = { ...tlsOptions(await authority.leaf()), minVersion: 'TLSv1', maxVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0' } as const;
    assert.equal(await speaksTls(attempt(await serve(old))), true);
    assert.equal(await speaksTls(attempt(await listen(createHttpServer()))), false);
    assert.equal(await speaksTls(attempt(await listen(createTcpServer(() => {})), { timeoutMs: 100 })), false);
  });

  it('tell whether a client certificate is asked for', async () => {
    const cert = tlsOptions(await authority.leaf());
    assert.equal(await asksForClientCertificate(attempt(await serve({ ...cert, requestCert: true }))), true);
    assert.equal(await asksForClientCertificate(attempt(await serve(cert))), false);
    for (const ciphers of ['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256']) {
      const modern = { ...cert, minVersion: 'TLSv1.3', ciphers } as const;
      assert.equal(await asksForClientCertificate(attempt(await serve({ ...modern, requestCert: true }))), true, ciphers);
      assert.equal(await asksForClientCertificate(attempt(await serve(modern))), false, ciphers);
    }
    assert.equal(await asksForClientCertificate(attempt(await listen(createHttpServer()))), null);
  });

  it('show the chain as it is sent, without roots of our own', async () => {
    const intermediate = await authority.intermediate();
    const port = await serve(tlsOptions(await intermediate.leaf(), intermediate));
    const result = await tlsHandshake(attempt(port, { ca: [] }));
    assert.ok(result.kind === 'established');
    assert.deepEqual(
      result.chain.map(({ issuer }) => issuer),
      ['O=Lab, CN=Lab Intermediate', 'O=Lab, CN=Lab Root CA'],
    );
    assert.deepEqual(result.chain[0]?.names, ['localhost', '127.0.0.1', '::1']);
  });

  it('end at once when they are cancelled, and after their time when nobody answers', async () => {
    const silent = await listen(createTcpServer(() => {}));
    assert.deepEqual(await tlsHandshake(attempt(silent, { timeoutMs: 50 })), { kind: 'timed-out' });
    const cancelled = AbortSignal.abort();
    assert.deepEqual(await tlsHandshake(attempt(silent, { signal: cancelled })), { kind: 'closed', code: 'ABORT_ERR' });
    assert.equal(await asksForClientCertificate(attempt(silent, { signal: cancelled })), null);
  });

  it('survive a port that closes, resets, or talks nonsense', async () => {
    const closes = await listen(createTcpServer((socket) => socket.destroy()));
    assert.equal((await tlsHandshake(attempt(closes))).kind, 'closed');
    const resets = await listen(createTcpServer((socket) => socket.resetAndDestroy()));
    assert.equal((await tlsHandshake(attempt(resets))).kind, 'closed');
    const talks = await listen(createTcpServer((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n')));
    assert.deepEqual(await tlsHandshake(attempt(talks)), {
      kind: 'failed',
      code: 'ERR_SSL_WRONG_VERSION_NUMBER',
      reason: 'wrong version number',
    });
  });
});

/** A TLS 1.2 server hello (with secure renegotiation, which OpenSSL insists on), followed by a certificate message that holds no certificate. */
function garbledCertificate(): Buffer {
  const message = (type: number, body: Buffer) => Buffer.concat([Buffer.from([type, 0, body.length >> 8, body.length & 255]), body]);
  const hello = Buffer.concat([Buffer.from([3, 3]), Buffer.alloc(32, 7), Buffer.from([0, 0xc0, 0x2b, 0, 0, 5, 0xff, 1, 0, 1, 0])]);
  const junk = Buffer.alloc(40, 0x30);
  const list = Buffer.concat([Buffer.from([0, 0, junk.length + 3, 0, 0, junk.length]), junk]);
  const body = Buffer.concat([message(2, hello), message(11, list)]);
  return Buffer.concat([Buffer.from([22, 3, 3, body.length >> 8, body.length & 255]), body]);
}
