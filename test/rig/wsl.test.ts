/**
 * The whole way inside WSL on a machine that is no WSL: the host is told to be one, the programs of Windows are stand-ins (shell scripts
 * that print what was recorded), and Windows' address is a loopback address of this machine. Only the sockets and servers are real.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { CAUSES } from '../../src/causes/index.gen.ts';
import { judge } from '../../src/diagnose/judge.ts';
import { nextProbes } from '../../src/diagnose/plan.ts';
import { PROBES } from '../../src/diagnose/probes.ts';
import { readTarget } from '../../src/diagnose/target.ts';
import type { Evidence, SharedKind } from '../../src/model/evidence.ts';
import type { Finding } from '../../src/model/finding.ts';
import { createRedactor } from '../../src/model/redact.ts';
import { createSharedRun, type ProbeContext, type SharedRun } from '../../src/probes/context.ts';
import { probeWsl } from '../../src/probes/wsl.ts';
import { readHost } from '../../src/system/host.ts';
import { socketReader } from '../../src/system/sockets/index.ts';
import { askWindows } from '../../src/system/wsl/index.ts';
import { statelessV1 } from '../lab/servers/sdk-v1.ts';

/** Windows as this Linux would see it: its gateway. */
const WINDOWS = '127.0.0.2';
const GATEWAY_ROW = 'eth0\t00000000\t0200007F\t0003\t0\t0\t0\t00000000\t0\t0\t0\n';
const NO_PORT_PROXY = '\r\n';

let folder = '';
let server: Server | null = null;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mcpreach-wsl-'));
  for (const part of ['bin', 'proc/net', 'proc/sys/fs/binfmt_misc']) mkdirSync(join(folder, part), { recursive: true });
  writeFileSync(join(folder, 'proc/net/route'), `Iface\tDestination\tGateway\n${GATEWAY_ROW}`);
  writeFileSync(join(folder, 'proc/sys/fs/binfmt_misc/WSLInterop'), 'enabled\n');
});

afterEach(async () => {
  if (server !== null) await new Promise((done) => server?.close(done).closeAllConnections());
  server = null;
  rmSync(folder, { recursive: true });
});

/** A program of Windows that prints a text and ends with a code. */
function standIn(name: string, output: string | Buffer, code = 0): void {
  writeFileSync(join(folder, `${name}.out`), output);
  writeFileSync(join(folder, 'bin', name), `#!/bin/sh\ncat '${join(folder, `${name}.out`)}'\nexit ${code}\n`, { mode: 0o755 });
}

/** PowerShell's answer: these listeners on the port. */
function windowsListens(port: number, ...listeners: readonly { readonly address: string; readonly program: string }[]): void {
  const answer = JSON.parse(readFileSync('test/recorded/wsl/windows-side.json', 'utf8')) as Record<string, unknown>;
  const rows = listeners.map(({ address, program }) => ({ LocalAddress: address, LocalPort: port, Process: program }));
  standIn('powershell.exe', `${JSON.stringify({ ...answer, listeners: rows })}\r\n`);
}

async function listen(handle: RequestListener): Promise<number> {
  server = createServer(handle).listen(0, WINDOWS);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** A port of which nothing is known here. */
async function freePort(): Promise<number> {
  const one = createServer().listen(0, '127.0.0.1');
  await once(one, 'listening');
  const { port } = one.address() as AddressInfo;
  await new Promise((done) => one.close(done));
  return port;
}

/** The listeners of this machine but for those that stand for Windows: from inside WSL these would not be seen. */
async function sharedWithoutWindows(): Promise<SharedRun> {
  const shared = createSharedRun(new Set());
  const all = await socketReader().listeningSockets(new AbortController().signal);
  assert.ok(all.kind === 'measured');
  await shared.once('listeners', async () => ({ kind: 'measured', value: all.value.filter(({ address }) => address !== WINDOWS) }));
  return shared;
}

/** The doctor's own loop, with the stand-ins behind the probe for WSL. */
async function diagnose(url: string): Promise<{ readonly evidence: Evidence; readonly verdict: Finding | null }> {
  const parsed = readTarget({ url }, {});
  const context: ProbeContext = {
    request: { url: parsed.url, headers: { authorization: 'Bearer never-to-be-sent' }, environment: {}, caFile: null },
    signal: new AbortController().signal,
    options: { answerMs: 5000, patienceMs: 0, start: null },
    redact: createRedactor(),
    shared: await sharedWithoutWindows(),
  };
  const places = {
    environment: { PATH: join(folder, 'bin'), WSL_DISTRO_NAME: 'Ubuntu' },
    proc: join(folder, 'proc'),
    release: '5.15.153.1-microsoft-standard-WSL2',
  };
  const probes: typeof PROBES = {
    ...PROBES,
    wsl: (given, known) => probeWsl(given, known, (port, signal) => askWindows(port, places, signal)),
  };
  let evidence: Evidence = { target: parsed.target, host: { ...readHost(), wsl: true, container: null } };
  for (let kinds = nextProbes(evidence, { patienceMs: 0, start: false }); kinds.length > 0; ) {
    const facts = await Promise.all(kinds.map(async (kind: SharedKind) => [kind, await probes[kind](context, evidence)] as const));
    evidence = { ...evidence, ...Object.fromEntries(facts) };
    kinds = nextProbes(evidence, { patienceMs: 0, start: false });
  }
  return { evidence, verdict: judge(evidence, CAUSES).verdict };
}

describe('inside WSL, with stand-ins for Windows', { skip: process.platform === 'linux' ? false : 'Linux only' }, () => {
  beforeEach(() => {
    standIn('wslinfo', 'nat\n');
    standIn('netsh.exe', NO_PORT_PROXY);
  });

  test('a server in Windows that answers at the gateway: proved, and no configured header goes there', async () => {
    const { handle } = await statelessV1();
    const seen: (string | undefined)[] = [];
    const port = await listen((request, response) => {
      seen.push(request.headers.authorization);
      handle(request, response);
    });
    windowsListens(port, { address: '0.0.0.0', program: 'node' });
    const { verdict } = await diagnose(`http://127.0.0.1:${port}/mcp`);
    assert.equal(verdict?.cause, 'wsl-boundary');
    assert.equal(verdict.certainty, 'proved');
    assert.match(verdict.summary, new RegExp(`${WINDOWS}:${port}`));
    assert.deepEqual(verdict.remedies[0], {
      kind: 'edit',
      title: 'Use the address at which the server answers:',
      field: 'url',
      value: `http://${WINDOWS}:${port}/mcp`,
    });
    assert.ok(seen.length > 0 && seen.every((header) => header === undefined));
  });

  test('a server at the loopback of Windows: likely, with the mode and the two commands', async () => {
    const port = await freePort();
    windowsListens(port, { address: '127.0.0.1', program: 'node' }, { address: '::1', program: 'node' });
    const { verdict } = await diagnose(`http://127.0.0.1:${port}/mcp`);
    assert.equal(verdict?.cause, 'wsl-boundary');
    assert.equal(verdict.certainty, 'likely');
    const text = verdict.remedies.map((one) => ('command' in one ? one.command : one.title)).join('\n');
    assert.match(text, /networkingMode=mirrored/);
    assert.match(text, new RegExp(`listenaddress=${WINDOWS} listenport=${port} connectaddress=127.0.0.1 connectport=${port}`));
    assert.match(text, new RegExp(`New-NetFirewallRule .* -LocalPort ${port} -InterfaceAlias`));
  });

  test('nobody listens in Windows either: the server is not running', async () => {
    const port = await freePort();
    windowsListens(port);
    const { verdict } = await diagnose(`http://127.0.0.1:${port}/mcp`);
    assert.equal(verdict?.cause, 'server-not-running');
  });

  test('what listens in Windows only passes on to Linux: the server is not running', async () => {
    const port = await freePort();
    standIn('netsh.exe', `\r\nipv4:  ipv4:\r\n\r\n0.0.0.0  ${port}  172.28.120.45  ${port}\r\n`);
    windowsListens(port, { address: '0.0.0.0', program: 'svchost' }, { address: '127.0.0.1', program: 'wslrelay' });
    const { verdict } = await diagnose(`http://127.0.0.1:${port}/mcp`);
    assert.equal(verdict?.cause, 'server-not-running');
  });

  test('a program in Windows that is no MCP server has the port: it is not taken for the server', async () => {
    const port = await listen((_, response) => response.writeHead(404).end('no'));
    windowsListens(port, { address: '0.0.0.0', program: 'nginx' });
    const { verdict } = await diagnose(`http://127.0.0.1:${port}/mcp`);
    assert.equal(verdict?.cause, 'server-not-running');
  });

  test('PowerShell is forbidden: netstat.exe tells the listeners, in German', async () => {
    const port = 3000;
    standIn('powershell.exe', Buffer.from('Zugriff verweigert\r\n', 'latin1'), 1);
    standIn('netstat.exe', readFileSync('test/recorded/windows/netstat-de.txt'));
    standIn('ipconfig.exe', readFileSync('test/recorded/wsl/ipconfig-de.txt'));
    const { evidence } = await diagnose(`http://127.0.0.3:${port}/mcp`);
    assert.ok(evidence.wsl?.listeners.kind === 'measured');
    assert.deepEqual(evidence.wsl.listeners.value[0], { address: '127.0.0.1', family: 4, port, program: null });
    assert.equal(evidence.wsl?.settings.kind, 'not-measured');
  });

  test('programs of Windows cannot be started: said so, and the gateway is tried all the same', async () => {
    const { handle } = await statelessV1();
    const port = await listen(handle);
    rmSync(join(folder, 'proc/sys/fs/binfmt_misc/WSLInterop'));
    windowsListens(port, { address: '0.0.0.0', program: 'node' });
    const { evidence, verdict } = await diagnose(`http://127.0.0.1:${port}/mcp`);
    assert.equal(evidence.wsl?.listeners.kind, 'not-measured');
    assert.equal(verdict?.cause, 'wsl-boundary');
    assert.equal(verdict.certainty, 'proved');
    assert.match(verdict.evidence.join('\n'), /interop is off/);
  });
});
