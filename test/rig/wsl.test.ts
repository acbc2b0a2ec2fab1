/**
 * The whole way on both sides of WSL on a machine that is no WSL: the host is told to be one, the programs of Windows are stand-ins (shell scripts
 * that print what was recorded), and Windows' address is a loopback address of this machine. Only the sockets and servers are real.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, connect, isIP, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join, win32 } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { CAUSES } from '../../src/causes/index.gen.ts';
import { judge } from '../../src/diagnose/judge.ts';
import { nextProbes } from '../../src/diagnose/plan.ts';
import { PROBES } from '../../src/diagnose/probes.ts';
import { readTarget } from '../../src/diagnose/target.ts';
import type { Evidence, SharedKind, HostEvidence } from '../../src/model/evidence.ts';
import type { Finding } from '../../src/model/finding.ts';
import { createRedactor } from '../../src/model/redact.ts';
import { createSharedRun, type ProbeContext, type SharedRun } from '../../src/probes/context.ts';
import { probeWsl, type WslReader } from '../../src/probes/wsl.ts';
import { sleep } from '../../src/system/clock.ts';
import { readHost } from '../../src/system/host.ts';
import { localAddresses } from '../../src/system/sockets/index.ts';
import type { ToolResult } from '../../src/system/processes/run-tool.ts';
import { askLinux, askWindows, askWindowsFirewall } from '../../src/system/wsl/index.ts';
import { ROOT } from '../contracts/repository.ts';
import { statelessV1 } from '../lab/servers/sdk-v1.ts';

/** The other side as this one would see it: for Linux its gateway, for Windows the address of its network. */
const OTHER_SIDE = '127.0.0.2';
/** Loopback is nobody's address to others; an own address of this machine stands for the virtual machine's. */
const OWN_ADDRESS = localAddresses().find((address) => isIP(address) === 4 && !address.startsWith('127.'));
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
  const rows = listeners.map(({ address, program }) => ({
    LocalAddress: address,
    LocalPort: port,
    Process: program,
    Path: 'C:\\Program Files\\nodejs\\node.exe',
  }));
  standIn('powershell.exe', `${JSON.stringify({ ...answer, listeners: rows })}\r\n`);
}

async function listen(handle: RequestListener, address = OTHER_SIDE): Promise<number> {
  server = createServer(handle).listen(0, address);
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

/** Nobody listens on our side: what stands for the other one would not be seen there, and servers of other tests are nobody's neighbours. */
async function sharedWithoutTheOtherSide(): Promise<SharedRun> {
  const shared = createSharedRun(new Set());
  await shared.once('listeners', async () => ({ kind: 'measured', value: [] }));
  return shared;
}

/** The doctor's own loop, with the stand-ins behind the probe for WSL. */
async function diagnose(url: string, host: Partial<HostEvidence> = { wsl: true }, reader: WslReader = FROM_LINUX): Promise<Outcome> {
  const parsed = readTarget({ url }, {});
  const context: ProbeContext = {
    request: { url: parsed.url, headers: { authorization: 'Bearer never-to-be-sent' }, environment: {}, caFile: null },
    signal: new AbortController().signal,
    options: { answerMs: 5000, patienceMs: 0, start: null, exec: false },
    redact: createRedactor(),
    shared: await sharedWithoutTheOtherSide(),
  };
  const probes: typeof PROBES = { ...PROBES, wsl: (given, known) => probeWsl(given, known, reader) };
  const plan = { patienceMs: 0, start: false };
  let evidence: Evidence = { target: parsed.target, host: { ...readHost(), container: null, ...host } };
  for (let kinds = nextProbes(evidence, plan); kinds.length > 0; kinds = nextProbes(evidence, plan)) {
    const facts = await Promise.all(kinds.map(async (kind: SharedKind) => [kind, await probes[kind](context, evidence)] as const));
    evidence = { ...evidence, ...Object.fromEntries(facts) };
  }
  return { evidence, verdict: judge(evidence, CAUSES).verdict };
}

interface Outcome {
  readonly evidence: Evidence;
  readonly verdict: Finding | null;
}

/** The Linux that asks: programs and files in the test's own folder. */
function places(release = '5.15.153.1-microsoft-standard-WSL2') {
  const environment = { PATH: join(folder, 'bin'), WSL_DISTRO_NAME: 'Ubuntu' };
  return { environment, proc: join(folder, 'proc'), release };
}

const FROM_LINUX: WslReader = {
  ask: (port, signal) => askWindows(port, places(), signal),
  firewall: (listener, signal) => askWindowsFirewall(listener, places(), signal),
};

/** Windows asks Linux: what wsl.exe prints, by the arguments it gets. */
function fromWindows(linux: string, settings: string | null = null): WslReader {
  const done = (stdout: Buffer): ToolResult => ({ kind: 'done', code: 0, stdout, stderr: '' });
  const run = async (name: string, args: readonly string[]): Promise<ToolResult> => {
    if (name === 'netsh.exe') return done(Buffer.from(NO_PORT_PROXY));
    if (args.includes('--verbose')) return done(readFileSync('test/recorded/wsl/list-verbose-en.txt'));
    if (args.includes('--running')) return done(Buffer.from('Ubuntu\r\ndocker-desktop\r\n', 'utf16le'));
    assert.deepEqual(args.slice(0, 3), ['--distribution', 'Ubuntu', '--exec']);
    return done(Buffer.from(linux));
  };
  const file = win32.join(folder, '.wslconfig');
  if (settings !== null) writeFileSync(file, settings);
  return {
    ask: (port, signal) => askLinux(port, { home: folder, run }, signal).finally(() => rmSync(file, { force: true })),
    firewall: null,
  };
}

/** A distribution's answer: one listener in NAT mode. */
function linuxListens(port: number, address: '0100007F' | '00000000', own = OWN_ADDRESS ?? ''): string {
  const row = `   0: ${address}:${port.toString(16).toUpperCase().padStart(4, '0')} 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 24519 1\n`;
  return `mcpreach:tcp\n${row}mcpreach:tcp6\nmcpreach:networking\nnat\nmcpreach:addresses\n${own} \n`;
}

/** A port at the other side's address that answers nothing: the queue of a stopped program, filled until the kernel drops. */
async function silentPort(): Promise<{ readonly port: number; readonly end: () => void }> {
  const script = `require('net').createServer().listen({ port: 0, host: '${OTHER_SIDE}', backlog: 1 }, function () { console.log(this.address().port) })`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const port = Number(line.toString());
  child.kill('SIGSTOP');
  const sockets: Socket[] = [];
  for (let full = false; !full; ) {
    const socket = connect({ host: OTHER_SIDE, port }).on('error', () => {});
    sockets.push(socket);
    full = await Promise.race([once(socket, 'connect').then(() => false), sleep(200).then(() => true)]);
  }
  return { port, end: () => [...sockets.map((socket) => socket.destroy()), child.kill('SIGKILL')] };
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
    assert.match(verdict.summary, new RegExp(`${OTHER_SIDE}:${port}`));
    assert.deepEqual(verdict.remedies[0], {
      kind: 'edit',
      title: 'Use the address at which the server answers:',
      field: 'url',
      value: `http://${OTHER_SIDE}:${port}/mcp`,
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
    assert.match(text, new RegExp(`listenaddress=${OTHER_SIDE} listenport=${port} connectaddress=127.0.0.1 connectport=${port}`));
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

  test('the gateway is silent: the rule of Windows that blocks the program is named', async () => {
    const { port, end } = await silentPort();
    try {
      windowsListens(port, { address: '0.0.0.0', program: 'node' });
      const rules = join(ROOT, 'test/recorded/packet-filters/windows-local.txt');
      const script = `#!/bin/sh\ncase "$2" in *SharedAccess*) cat '${rules}';; *) exit 1;; esac\n`;
      writeFileSync(join(folder, 'bin/reg.exe'), script, { mode: 0o755 });
      const { evidence, verdict } = await diagnose(`http://127.0.0.1:${port}/mcp`);
      assert.equal(evidence.wsl?.attempts[0]?.outcome, 'timed-out');
      assert.equal(verdict?.cause, 'wsl-boundary');
      assert.match(verdict.summary, /its rule "Node\.js JavaScript Runtime" \(public networks\)/);
      assert.match(
        verdict.remedies.map((one) => ('command' in one ? one.command : '')).join('\n'),
        /Remove-NetFirewallRule -Name 'TCP Query User/,
      );
    } finally {
      end();
    }
  });

  test('mirrored networking shares 127.0.0.1, and the server listens on ::1 of Windows', async () => {
    standIn('wslinfo', 'mirrored\n');
    const port = await freePort();
    windowsListens(port, { address: '::1', program: 'node' });
    const { evidence, verdict } = await diagnose(`http://127.0.0.1:${port}/mcp`);
    // The default gateway is then the router of the house, and none of our business.
    assert.deepEqual(evidence.wsl?.doors, []);
    assert.equal(verdict?.cause, 'wsl-boundary');
    assert.match(verdict.summary, /but not ::1/);
  });

  test('WSL 1 has no boundary: the server is not running', async () => {
    const port = await freePort();
    windowsListens(port, { address: '0.0.0.0', program: 'node' });
    const ask: WslReader['ask'] = (at, signal) => askWindows(at, places('4.4.0-19041-Microsoft'), signal);
    const { evidence, verdict } = await diagnose(`http://127.0.0.1:${port}/mcp`, { wsl: true }, { ask, firewall: null });
    assert.deepEqual(evidence.wsl?.networking, { kind: 'measured', value: 'shared' });
    assert.equal(verdict?.cause, 'server-not-running');
  });

  test('nobody is asked in a container, outside WSL, or where something listens on this side', async () => {
    const port = await freePort();
    for (const host of [{ wsl: true, container: 'docker' }, { wsl: false }])
      assert.equal((await diagnose(`http://127.0.0.1:${port}/mcp`, host)).evidence.wsl, undefined);
    const own = createServer((_, response) => response.writeHead(404).end()).listen(0, '127.0.0.1');
    await once(own, 'listening');
    const { evidence } = await diagnose(`http://127.0.0.1:${(own.address() as AddressInfo).port}/mcp`);
    own.close();
    assert.equal(evidence.wsl, undefined);
  });

  test('PowerShell is forbidden: netstat.exe tells the listeners, in German', async () => {
    const port = 3000;
    standIn('powershell.exe', Buffer.from('Zugriff verweigert\r\n', 'latin1'), 1);
    standIn('netstat.exe', readFileSync('test/recorded/windows/netstat-de.txt'));
    standIn('ipconfig.exe', readFileSync('test/recorded/wsl/ipconfig-de.txt'));
    const { evidence } = await diagnose(`http://127.0.0.3:${port}/mcp`);
    assert.ok(evidence.wsl?.listeners.kind === 'measured');
    assert.deepEqual(evidence.wsl.listeners.value[0], { address: '127.0.0.1', family: 4, port, program: null, file: null });
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

describe('in Windows, with stand-ins for wsl.exe', { skip: process.platform === 'linux' ? false : 'Linux only' }, () => {
  const windows = { platform: 'win32' as const };

  test('a server in WSL that answers at the address of the virtual machine: proved', { skip: OWN_ADDRESS === undefined }, async () => {
    const { handle } = await statelessV1();
    const port = await listen(handle, OWN_ADDRESS);
    const { verdict } = await diagnose(`http://127.0.0.1:${port}/mcp`, windows, fromWindows(linuxListens(port, '00000000')));
    assert.equal(verdict?.cause, 'wsl-boundary');
    assert.equal(verdict.certainty, 'proved');
    assert.match(verdict.summary, /WSL \(Ubuntu\)/);
    assert.deepEqual(verdict.remedies[0]?.kind === 'edit' && verdict.remedies[0].value, `http://${OWN_ADDRESS}:${port}/mcp`);
  });

  test('a server at the loopback of Linux while localhost is not passed on: the line of .wslconfig', async () => {
    const port = await freePort();
    const off = '[wsl2]\r\nlocalhostForwarding=false\r\n';
    const { verdict } = await diagnose(`http://127.0.0.1:${port}/mcp`, windows, fromWindows(linuxListens(port, '0100007F'), off));
    assert.equal(verdict?.cause, 'wsl-boundary');
    assert.match(verdict.summary, /localhostForwarding=false/);
    assert.match(verdict.remedies[0]?.title ?? '', /localhostForwarding=true under \[wsl2\]/);
  });

  test('the same while it should be passed on: WSL is to be started afresh', async () => {
    const port = await freePort();
    const { verdict } = await diagnose(`http://127.0.0.1:${port}/mcp`, windows, fromWindows(linuxListens(port, '0100007F')));
    assert.equal(verdict?.cause, 'wsl-boundary');
    assert.match(verdict.remedies.map((one) => ('command' in one ? one.command : '')).join('\n'), /wsl\.exe --shutdown/);
  });

  test('nobody listens in Linux either, or no distribution runs: the server is not running', async () => {
    const port = await freePort();
    const { verdict } = await diagnose(`http://127.0.0.1:${port}/mcp`, windows, fromWindows(linuxListens(port + 1, '0100007F')));
    assert.equal(verdict?.cause, 'server-not-running');
    const none = async (): Promise<ToolResult> => ({ kind: 'done', code: 1, stdout: Buffer.alloc(0), stderr: '' });
    const stopped: WslReader = { ask: (at, signal) => askLinux(at, { home: folder, run: none }, signal), firewall: null };
    assert.equal((await diagnose(`http://127.0.0.1:${port}/mcp`, windows, stopped)).verdict?.cause, 'server-not-running');
  });
});
