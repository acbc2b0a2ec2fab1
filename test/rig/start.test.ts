import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Evidence, StartEvidence } from '../../src/model/evidence.ts';
import { createRedactor } from '../../src/model/redact.ts';
import { createSharedRun } from '../../src/probes/context.ts';
import type { ProbeContext } from '../../src/probes/context.ts';
import { probeHolder } from '../../src/probes/holder.ts';
import { probeMachine } from '../../src/probes/machine.ts';
import { probeStart } from '../../src/probes/start.ts';
import { localAddresses } from '../../src/system/sockets/index.ts';

const posix = { skip: process.platform === 'win32' ? 'POSIX only' : false };
const linux = { skip: process.platform === 'linux' ? false : 'Linux only' };

/** An MCP server of the plainest kind: `server.mjs HOST PORT [DELAY_OF_ROUTES_MS]`. */
const SERVER = `
import { createServer } from 'node:http';
const [host, port, delay = '0'] = process.argv.slice(2);
const since = Date.now();
const result = (method) => method === 'initialize'
  ? { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo: { name: 'plain', version: '1' } }
  : { tools: [{ name: 'echo', inputSchema: { type: 'object' } }] };
createServer((request, response) => {
  let body = '';
  request.on('data', (chunk) => (body += chunk)).on('end', () => {
    if (Date.now() - since < Number(delay)) return response.writeHead(503).end();
    const { id, method } = body === '' ? {} : JSON.parse(body);
    if (id === undefined) return response.writeHead(202).end();
    const known = method === 'initialize' || method === 'tools/list';
    const answer = known ? { result: result(method) } : { error: { code: -32601, message: 'Method not found' } };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ jsonrpc: '2.0', id, ...answer }));
  });
}).listen(Number(port), host, () => console.error('listening'));
`;

const STDIO = `
process.stdin.setEncoding('utf8').on('data', (text) => {
  const { id, method } = JSON.parse(text.split('\\n')[0]);
  if (method === 'initialize') console.log(JSON.stringify({ jsonrpc: '2.0', id, result: { protocolVersion: '2025-11-25', capabilities: {}, serverInfo: { name: 'pipe', version: '2' } } }));
});
`;

let folder = '';
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'mcpreach-test-'));
  writeFileSync(join(folder, 'server.mjs'), SERVER);
  writeFileSync(join(folder, 'stdio.mjs'), STDIO);
});
after(() => rmSync(folder, { recursive: true }));

const node = (script: string, ...args: readonly (string | number)[]) => `"${process.execPath}" ${folder}/${script} ${args.join(' ')}`;

describe('a start command', posix, () => {
  it('that serves the target answers, and is gone afterwards', async () => {
    const port = await freePort();
    const { outcome, stderr } = await start(port, node('server.mjs', '127.0.0.1', port));
    assert.ok(outcome.kind === 'answers');
    assert.deepEqual(outcome.handshake.result.kind === 'ready' && outcome.handshake.result.tools, { count: 1, names: ['echo'] });
    assert.deepEqual(stderr, ['listening']);
    await assertFree(port);
  });

  it('may put its server into the background', linux, async () => {
    const port = await freePort();
    const { outcome } = await start(port, `setsid ${node('server.mjs', '127.0.0.1', port)} & exit 0`);
    assert.equal(outcome.kind, 'answers');
    await assertFree(port);
  });

  it('may open the port before its routes are ready', async () => {
    const port = await freePort();
    const { outcome } = await start(port, node('server.mjs', '127.0.0.1', port, 600));
    assert.equal(outcome.kind, 'answers');
  });

  it('that listens elsewhere is tried there', linux, async () => {
    const [port, other] = [await freePort(), await freePort()];
    const { outcome } = await start(port, node('server.mjs', '127.0.0.1', other));
    assert.ok(outcome.kind === 'elsewhere');
    assert.deepEqual(outcome.sockets, [{ address: '127.0.0.1', family: 4, port: other, v6Only: null }]);
    assert.equal(outcome.handshake?.result.kind, 'ready');
    assert.equal(outcome.handshake?.url, `http://127.0.0.1:${other}/mcp`);
  });

  it('that finds its port taken is told so, whoever answers there', async () => {
    const holder = createServer((_, response) => response.end('<html>')).listen(0, '127.0.0.1');
    await new Promise((resolve) => holder.once('listening', resolve));
    const { port } = holder.address() as AddressInfo;
    const { outcome } = await start(port, node('server.mjs', '127.0.0.1', port));
    assert.ok(outcome.kind === 'ended');
    assert.equal(outcome.early, 'address-in-use');
    assert.equal(outcome.code, 1);
    assert.match(outcome.detail ?? '', /EADDRINUSE/);
    holder.close();
  });

  it('that speaks on its standard output is known as such', async () => {
    const { outcome } = await start(await freePort(), node('stdio.mjs'));
    assert.deepEqual(outcome, { kind: 'stdio', server: { name: 'pipe', version: '2', protocol: '2025-11-25', era: 'legacy' } });
  });

  it('that does not exist, or ends well without serving', async () => {
    const port = await freePort();
    const missing = await start(port, 'no-such-command-of-mcpreach --token abcd1234');
    assert.ok(missing.outcome.kind === 'ended');
    assert.equal(missing.outcome.early, 'command-not-found');
    assert.doesNotMatch(JSON.stringify(missing), /abcd1234/);
    const done = await start(port, 'true');
    assert.ok(done.outcome.kind === 'ended');
    assert.equal(done.outcome.early, 'silent-success');
  });

  it('may print its own secrets: they are registered', async () => {
    const context = contextFor(await freePort(), 'printf "using abcd%s" 1234; : --token=abcd1234');
    const seen = await probeStart(context, evidenceFor(1));
    assert.doesNotMatch(JSON.stringify(context.redact.deep(seen)), /abcd1234/);
  });

  it('is taken down when the diagnosis is cancelled', linux, async () => {
    const abort = new AbortController();
    const evidence = start(await freePort(), 'exec sleep 60', abort.signal);
    setTimeout(() => abort.abort(), 300);
    const { outcome, ms } = await evidence;
    assert.equal(outcome.kind, 'silent');
    assert.ok(ms < 2_000);
  });
});

describe('the machine', linux, () => {
  it('is read once for a run, and knows who holds the port', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => holder.once('listening', resolve));
    const { port } = holder.address() as AddressInfo;
    const context = contextFor(port, null);
    const evidence = evidenceFor(port);
    const machine = await probeMachine(context, evidence);
    assert.equal(await probeMachine(context, evidence), machine);
    assert.ok(machine.sockets.kind === 'measured');
    const socket = { address: '127.0.0.1', family: 4, port, v6Only: null };
    assert.deepEqual(
      machine.sockets.value.filter((one) => one.port === port),
      [socket],
    );
    const { holders, elsewhere, starting, gaps } = await probeHolder(context, evidence);
    assert.deepEqual(
      holders.map((one) => one.socket),
      [socket],
    );
    assert.equal(holders[0]?.owner.kind === 'measured' && holders[0].owner.value.pid, process.pid);
    assert.deepEqual([elsewhere, starting, gaps], [[], [], undefined]);
    holder.close();
  });
});

function start(port: number, command: string, signal?: AbortSignal): Promise<StartEvidence> {
  return probeStart(contextFor(port, command, signal), evidenceFor(port));
}

function contextFor(port: number, command: string | null, signal: AbortSignal = new AbortController().signal): ProbeContext {
  return {
    request: { url: new URL(`http://127.0.0.1:${port}/mcp`), headers: {}, environment: process.env, caFile: null },
    signal,
    options: { answerMs: 15_000, patienceMs: 0, start: command, exec: false },
    redact: createRedactor(),
    shared: createSharedRun(new Set()),
  };
}

function evidenceFor(port: number): Evidence {
  const display = `http://127.0.0.1:${port}/mcp`;
  const target = { scheme: 'http', host: '127.0.0.1', hostKind: 'ipv4', path: '/mcp', transport: null, name: null, client: null } as const;
  return {
    target: { ...target, display, port, sendsCredentials: false, headerNames: [], limitMs: 10_000 },
    host: { platform: process.platform, node: process.versions.node, container: null, wsl: false, addresses: localAddresses(), userId: 0 },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function assertFree(port: number): Promise<void> {
  const server = createServer().listen(port, '127.0.0.1');
  await new Promise((resolve, reject) => server.once('listening', resolve).once('error', reject));
  await new Promise((resolve) => server.close(resolve));
}
