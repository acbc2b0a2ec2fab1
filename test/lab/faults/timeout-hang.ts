import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { defineFault, defineNearMiss, THERE } from '../fault.ts';
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
  defineFault({
    id: 'timeout-hang/network-loses-long-packets',
    group: 'network',
    network: { peer: true },
    // A bridge in the middle with a smaller MTU drops what does not fit and, being no router, says nothing (a path MTU black hole).
    async arrange(bench) {
      const there = (...words: readonly string[]) => bench.runThere('ip', ...words);
      await there('address', 'flush', 'dev', 'far');
      await there('link', 'add', 'middle', 'type', 'bridge');
      // The bridge itself would answer for the address behind it.
      await there('link', 'set', 'middle', 'arp', 'off');
      await there('link', 'add', 'narrow', 'type', 'veth', 'peer', 'name', 'wide');
      await there('link', 'set', 'far', 'master', 'middle');
      await there('link', 'set', 'narrow', 'mtu', '1300', 'master', 'middle');
      // One segment per packet, as on a wire: otherwise a long answer passes in one piece.
      await there('link', 'set', 'wide', 'gso_max_segs', '1');
      for (const name of ['middle', 'narrow', 'wide']) await there('link', 'set', name, 'up');
      await there('address', 'add', `${THERE}/24`, 'dev', 'wide');
      await bench.run('ip', 'link', 'set', 'near', 'gso_max_segs', '1');
      const server = await bench.serve('v2-dual', { host: THERE, there: true, options: { moreTools: 20 } });
      return { url: server.url(), args: ['--timeout', '3000'] };
    },
    expect: {
      status: 'failed',
      cause: 'timeout-hang',
      certainty: 'proved',
      layer: 'tools',
      says: /loses long packets.*1240 bytes are answered/,
    },
    within: 15_000,
  }),
];
