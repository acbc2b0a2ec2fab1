import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { defineFault, defineNearMiss } from '../fault.ts';
import { custom } from '../servers/raw-http.ts';
import { rawMcp } from '../servers/raw-mcp.ts';
import { drips, silent } from '../servers/raw-tcp.ts';
import { statefulV1 } from '../servers/sdk-v1.ts';

const SOON = ['--timeout', '1500'];
const HANGS = {
  status: 'failed',
  cause: 'timeout-hang',
  notCauses: ['timeout-slow-start', 'connection-reset', 'port-in-use', 'stream-buffered'],
} as const;

/** Connects until the kernel takes no more: the backlog is full once a connection stays pending. */
async function fillBacklog(port: number): Promise<Socket[]> {
  const sockets: Socket[] = [];
  for (let attempt = 0; attempt < 32; attempt++) {
    const socket = connect({ host: '127.0.0.1', port }).on('error', () => {});
    sockets.push(socket);
    const opened = await Promise.race([
      new Promise((resolve) => socket.once('connect', () => resolve(true))),
      sleep(200).then(() => false),
    ]);
    if (opened !== true) return sockets;
  }
  throw new Error('the backlog never filled');
}

export default [
  defineFault({
    id: 'timeout-hang/accepts-and-is-silent',
    group: 'mcp',
    network: {},
    arrange: async (bench) => ({ url: (await bench.tcp(silent)).url(), args: SOON }),
    expect: HANGS,
  }),
  defineFault({
    id: 'timeout-hang/tls-is-never-answered',
    group: 'tls',
    network: {},
    arrange: async (bench) => ({ url: (await bench.tcp(silent)).url().replace('http:', 'https:'), args: SOON }),
    expect: { ...HANGS, notCauses: ['wrong-scheme', 'tls-protocol', 'connection-reset'] },
    within: 12_000,
  }),
  defineFault({
    id: 'timeout-hang/stopped-process',
    group: 'mcp',
    network: {},
    async arrange(bench) {
      const server = await bench.serve('v1-stateful', {});
      process.kill(server.pid, 'SIGSTOP');
      return { url: server.url(), args: SOON };
    },
    expect: HANGS,
  }),
  defineFault({
    id: 'timeout-hang/accept-queue-is-full',
    group: 'mcp',
    network: {},
    async arrange(bench) {
      const script =
        "const s = require('net').createServer(); s.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => { console.log('port ' + s.address().port); });";
      const busy = await bench.program(process.execPath, ['-e', script], { until: /port \d+/ });
      const port = Number(/port (\d+)/.exec(busy.output())?.[1]);
      process.kill(busy.pid, 'SIGSTOP');
      const sockets = await fillBacklog(port);
      bench.later(() => sockets.forEach((socket) => void socket.destroy()));
      return { url: `http://127.0.0.1:${port}/mcp`, args: SOON };
    },
    expect: { ...HANGS, notCauses: ['host-unreachable', 'server-not-running'] },
    within: 15_000,
  }),
  defineFault({
    id: 'timeout-hang/head-without-body',
    group: 'mcp',
    network: {},
    async arrange(bench) {
      const app = custom((_request, response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '200' });
        response.flushHeaders();
      });
      return { url: (await bench.listen(app)).url(), args: SOON };
    },
    expect: HANGS,
  }),
  defineFault({
    id: 'timeout-hang/one-byte-a-second',
    group: 'mcp',
    network: {},
    arrange: async (bench) => ({
      url: (await bench.tcp(drips('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n{', ' ', 1000))).url(),
      args: ['--timeout', '2500'],
    }),
    expect: HANGS,
    within: 12_000,
  }),
  defineFault({
    id: 'timeout-hang/only-the-handshake',
    group: 'mcp',
    network: {},
    async arrange(bench) {
      const app = rawMcp({ steps: { initialize: () => {} } });
      return { url: (await bench.listen(app)).url(), args: SOON };
    },
    expect: HANGS,
  }),
  defineFault({
    id: 'timeout-hang/only-the-tools',
    group: 'mcp',
    network: {},
    async arrange(bench) {
      const app = rawMcp({ sessions: true, steps: { 'tools/list': () => {} } });
      return { url: (await bench.listen(app)).url(), args: SOON };
    },
    expect: { ...HANGS, layer: 'tools' },
  }),
  defineNearMiss({
    id: 'timeout-hang/takes-a-second',
    group: 'mcp',
    arrange: async (bench) => ({ url: (await bench.listen(statefulV1({ delay: 700 }))).url() }),
    expect: { status: 'ok', notCauses: ['timeout-hang', 'timeout-slow-start'] },
    within: 15_000,
  }),
  defineNearMiss({
    id: 'timeout-hang/does-not-know-the-modern-probe',
    group: 'mcp',
    async arrange(bench) {
      // A server that never answers a method it does not know still serves the handshake.
      const app = rawMcp({ steps: { '*': () => {} } });
      return { url: (await bench.listen(app)).url() };
    },
    expect: { status: ['ok', 'warning'], notCauses: ['timeout-hang'] },
    within: 30_000,
  }),
];
