/** Wrong command lines, hostile answers and signals: a clear message or a finding, bounded time and memory, nothing left. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench } from './bench.ts';
import { createAuthority, tlsOptions } from './certificates.ts';
import { type Arranged, defineEnd, defineFault, defineRefusal } from './fault.ts';
import { npmRegistry } from './servers/package-index.ts';
import { always } from './servers/raw-http.ts';
import { rawMcp } from './servers/raw-mcp.ts';
import { drips, floods, silent, type OnSocket } from './servers/raw-tcp.ts';
import { statefulV1 } from './servers/sdk-v1.ts';
import { type ScriptParts, scriptCommand } from './servers/stdio-script.ts';
import { unreadableCertificate } from './servers/unreadable-certificate.ts';

const GROUP = 'bad-input';
const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n';
const MEGABYTE = Buffer.alloc(1 << 20, 0x20);

function refused(name: string, url: string | readonly string[], says?: RegExp, ...args: readonly string[]) {
  return defineRefusal({
    id: `bad-input/${name}`,
    group: GROUP,
    within: 3000,
    arrange: () => ({ url, args }),
    ...(says === undefined ? {} : { says }),
  });
}

async function hostile(bench: Bench, onSocket: OnSocket, ...args: readonly string[]): Promise<Arranged> {
  return { url: (await bench.tcp(onSocket)).url(), args };
}

/** Presses Ctrl-C this long after the start. */
async function interrupted(bench: Bench, afterMs: number, args: readonly string[], url?: string | readonly string[]): Promise<Arranged> {
  const target = url ?? (await bench.tcp(silent)).url();
  return {
    url: target,
    args,
    async meanwhile(doctor) {
      await sleep(afterMs);
      doctor.interrupt();
    },
  };
}

/** The same, for a stdio server. */
async function interruptedServer(bench: Bench, parts: ScriptParts): Promise<Arranged> {
  const { meanwhile } = await interrupted(bench, 1500, [], []);
  return { command: await scriptCommand(bench, parts), ...(meanwhile && { meanwhile }) };
}

/** Something local that is not MCP: which of these names fits is not the point here. */
const UNUSABLE = ['port-in-use', 'not-mcp', 'mcp-error', 'timeout-hang', 'connection-reset'] as const;
const FAILED = { status: 'failed', cause: UNUSABLE } as const;

export default [
  refused('unknown-option', 'http://127.0.0.1:9/mcp', /--frobnicate/, '--frobnicate'),
  refused('no-host', 'http:///mcp', /url|host/i),
  refused('no-host-but-a-port', 'http://:3000/mcp', /url|host/i),
  refused('port-70000', 'http://127.0.0.1:70000/mcp', /70000|port|url/i),
  refused('port-0', 'http://127.0.0.1:0/mcp', /port/i),
  refused('unknown-scheme', 'ftp://127.0.0.1/mcp', /ftp|scheme/i),
  refused('websocket-scheme', 'ws://127.0.0.1:3000/mcp', /ws|scheme/i),
  refused('no-such-ca-file', 'http://127.0.0.1:9/mcp', /missing\.pem/, '--ca', '/nowhere/missing.pem'),
  refused('timeout-is-no-number', 'http://127.0.0.1:9/mcp', /soon/, '--timeout', 'soon'),
  refused('patience-is-negative', 'http://127.0.0.1:9/mcp', /patience|-5/, '--patience=-5'),
  refused('header-without-colon', 'http://127.0.0.1:9/mcp', /header/i, '--header', 'Authorization'),
  refused('header-with-line-break', 'http://127.0.0.1:9/mcp', /header/i, '--header', 'X-A: b\r\nX-C: d'),
  refused('unknown-transport', 'http://127.0.0.1:9/mcp', /carrier-pigeon/, '--transport', 'carrier-pigeon'),
  defineRefusal({
    id: 'bad-input/ca-file-is-no-certificate',
    group: GROUP,
    within: 3000,
    arrange: async (bench) => ({ url: 'https://127.0.0.1:9/mcp', args: ['--ca', await bench.file('ca.pem', 'this is no certificate\n')] }),
    says: /ca\.pem|certificate/i,
  }),
  refused('no-such-config', '/nowhere/mcp.json', /mcp\.json/),
  defineFault({
    id: 'bad-input/100-mb-body',
    group: GROUP,
    network: {},
    arrange: (bench) => hostile(bench, floods(`${HEAD}Content-Length: ${100 << 20}\r\n\r\n`, MEGABYTE, 100 << 20), '--timeout', '4000'),
    expect: FAILED,
    within: 20_000,
  }),
  defineFault({
    id: 'bad-input/endless-body',
    group: GROUP,
    network: {},
    arrange: (bench) => hostile(bench, floods(`${HEAD}\r\n`, MEGABYTE), '--timeout', '4000'),
    expect: FAILED,
    within: 20_000,
  }),
  defineFault({
    id: 'bad-input/endless-event-stream',
    group: GROUP,
    network: {},
    arrange: (bench) =>
      hostile(
        bench,
        floods('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n', Buffer.from(': keep-alive\n\n'.repeat(5000))),
        '--timeout',
        '3000',
      ),
    expect: { status: 'failed', cause: [...UNUSABLE, 'stream-buffered'] },
    within: 20_000,
  }),
  defineFault({
    id: 'bad-input/endless-line-in-event-stream',
    group: GROUP,
    network: {},
    arrange: (bench) =>
      hostile(bench, floods('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: ', MEGABYTE), '--timeout', '3000'),
    expect: { status: 'failed', cause: [...UNUSABLE, 'stream-buffered'] },
    within: 20_000,
  }),
  defineFault({
    id: 'bad-input/endless-head',
    group: GROUP,
    network: {},
    arrange: (bench) =>
      hostile(bench, floods('HTTP/1.1 200 OK\r\n', Buffer.from('X-Filler: aaaaaaaaaaaaaaaaaaaaaaaa\r\n'.repeat(100))), '--timeout', '3000'),
    expect: FAILED,
    within: 20_000,
  }),
  defineFault({
    id: 'bad-input/head-without-end',
    group: GROUP,
    network: {},
    arrange: (bench) => hostile(bench, drips('HTTP/1.1 200 OK\r\n', 'X-A: b\r\n', 200), '--timeout', '1500'),
    expect: FAILED,
    within: 12_000,
  }),
  defineFault({
    id: 'bad-input/malformed-json',
    group: GROUP,
    network: {},
    arrange: async (bench) => ({
      url: (await bench.listen(always(200, { 'content-type': 'application/json' }, '{"jsonrpc":"2.0","id":1,"result":{'))).url(),
    }),
    expect: FAILED,
  }),
  defineFault({
    id: 'bad-input/invalid-utf-8',
    group: GROUP,
    network: {},
    arrange: (bench) => {
      const body = Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0xc3, 0x28, 0x22, 0x3a, 0x31, 0x7d]);
      return hostile(
        bench,
        (socket) =>
          void socket.once('data', () => socket.end(Buffer.concat([Buffer.from(`${HEAD}Content-Length: ${body.length}\r\n\r\n`), body]))),
      );
    },
    expect: FAILED,
  }),
  defineFault({
    id: 'bad-input/control-characters-in-the-server-name',
    group: GROUP,
    network: {},
    async arrange(bench) {
      const app = rawMcp({
        steps: {
          initialize: ({ result }) =>
            result({
              protocolVersion: '2025-06-18',
              capabilities: { tools: {} },
              serverInfo: { name: '\u001b[2Jboo\u0007', version: '1' },
            }),
        },
      });
      return { url: (await bench.listen(app)).url() };
    },
    expect: { status: 'ok' },
  }),
  defineFault({
    id: 'bad-input/deeply-nested-json',
    group: GROUP,
    network: {},
    arrange: async (bench) => ({
      url: (await bench.listen(always(200, { 'content-type': 'application/json' }, '['.repeat(200_000)))).url(),
    }),
    expect: FAILED,
  }),
  defineFault({
    id: 'bad-input/tools-without-end',
    group: GROUP,
    network: {},
    async arrange(bench) {
      // Every page points to the next.
      const app = rawMcp({
        steps: {
          'tools/list': ({ result }) => result({ tools: [{ name: 'again', inputSchema: { type: 'object' } }], nextCursor: 'more' }),
        },
      });
      return { url: (await bench.listen(app)).url(), args: ['--timeout', '3000'] };
    },
    expect: { status: ['ok', 'warning', 'failed'], cause: [...UNUSABLE, 'server-error', null] },
    within: 20_000,
  }),
  defineFault({
    id: 'bad-input/unreadable-certificate',
    group: GROUP,
    network: {},
    arrange: async (bench) => ({
      url: (await bench.tcp(unreadableCertificate)).url().replace('http:', 'https:'),
      args: ['--timeout', '3000'],
    }),
    expect: {
      status: 'failed',
      cause: ['tls-protocol', 'tls-unknown-ca', 'tls-self-signed', 'connection-reset', 'not-mcp', 'port-in-use'],
    },
    within: 12_000,
  }),
  defineFault({
    id: 'bad-input/byte-a-second-head',
    group: GROUP,
    network: {},
    arrange: (bench) => hostile(bench, drips('H', 'T', 1000), '--timeout', '2500'),
    expect: FAILED,
    within: 12_000,
  }),
  defineEnd({
    id: 'bad-input/ctrl-c-in-a-hang',
    group: GROUP,
    network: {},
    arrange: (bench) => interrupted(bench, 1000, []),
    code: 130,
  }),
  defineEnd({
    id: 'bad-input/ctrl-c-while-watching',
    group: GROUP,
    network: {},
    arrange: async (bench) => interrupted(bench, 1000, ['--patience', '30s'], `http://127.0.0.1:${await bench.freePort()}/mcp`),
    code: 130,
  }),
  defineEnd({
    id: 'bad-input/ctrl-c-takes-the-started-command-along',
    group: GROUP,
    network: {},
    arrange: async (bench) =>
      interrupted(bench, 1500, ['--patience', '0', '--start', 'sleep 50 & sleep 60'], `http://127.0.0.1:${await bench.freePort()}/mcp`),
    code: 130,
  }),
  defineEnd({
    id: 'bad-input/ctrl-c-ends-the-session',
    group: GROUP,
    network: {},
    async arrange(bench) {
      const app = rawMcp({ sessions: true, steps: { 'tools/list': () => {} } });
      return interrupted(bench, 1500, [], (await bench.listen(app)).url());
    },
    code: 130,
  }),
  defineEnd({
    id: 'bad-input/ctrl-c-in-a-tls-hang',
    group: GROUP,
    network: {},
    arrange: async (bench) => interrupted(bench, 800, [], (await bench.tcp(silent)).url().replace('http:', 'https:')),
    code: 130,
  }),
  defineEnd({
    id: 'bad-input/ctrl-c-in-a-stdio-hang',
    group: GROUP,
    network: {},
    arrange: (bench) => interruptedServer(bench, { initialize: '' }),
    code: 130,
  }),
  defineEnd({
    id: 'bad-input/ctrl-c-takes-daemons-of-a-stdio-server-along',
    group: GROUP,
    network: {},
    arrange: (bench) =>
      interruptedServer(bench, {
        boot: `const { spawn } = await import('node:child_process');
process.on('SIGTERM', () => {});
spawn(process.execPath, ['-e', 'process.on("SIGTERM", () => {}); setTimeout(() => {}, 60000)'], { detached: true, stdio: 'ignore' }).unref();`,
        initialize: '',
      }),
    code: 130,
  }),
  defineEnd({
    id: 'bad-input/ctrl-c-during-a-download',
    group: GROUP,
    network: {},
    async arrange(bench) {
      const { meanwhile } = await interrupted(bench, 2500, [], []);
      return { command: ['npx', '-y', 'rig-server'], env: await npmRegistry(bench, 'slow'), ...(meanwhile && { meanwhile }) };
    },
    code: 130,
  }),
  refused('command-is-empty', [], /command/i, '--', ''),
  defineFault({
    id: 'bad-input/one-good-one-bad',
    group: GROUP,
    network: {},
    async arrange(bench) {
      const root = await createAuthority();
      const good = await bench.listen(statefulV1(), { tls: tlsOptions(await root.leaf()) });
      return {
        url: [`http://127.0.0.1:${await bench.freePort()}/mcp`, good.url()],
        args: ['--patience', '0', '--ca', await bench.file('ca.pem', root.certificate)],
        check(run) {
          const report = run.document;
          const summary = report?.schema === 'mcpreach.report/1' ? report.summary : null;
          return summary?.ok === 1 && summary.failed === 1 ? [] : ['the summary does not count one ok and one failed'];
        },
      };
    },
    expect: { status: 'failed', cause: 'server-not-running' },
  }),
];
