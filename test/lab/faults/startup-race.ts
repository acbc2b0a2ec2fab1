import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench } from '../bench.ts';
import { type Arranged, defineFault, defineNearMiss } from '../fault.ts';
import type { App } from '../servers/app.ts';
import { startPython } from '../servers/daemons.ts';
import { sseV1, statefulV1 } from '../servers/sdk-v1.ts';
import { dualV2 } from '../servers/sdk-v2.ts';

/** Far above what the doctor needs to start, even on a busy machine. */
const FIRST_TRY_LIMIT_MS = 10_000;

/** Refused connections of this network namespace so far: each is one reset sent (RFC 4022, tcpOutRsts). */
async function countResets(): Promise<number> {
  const [names = '', values = ''] = (await readFile('/proc/net/snmp', 'utf8')).split('\n').filter((line) => line.startsWith('Tcp:'));
  return Number(values.split(' ')[names.split(' ').indexOf('OutRsts')]);
}

/** Waits for the doctor's first try, however long it took to start. */
async function firstRefusal(): Promise<void> {
  const before = await countResets();
  const limit = performance.now() + FIRST_TRY_LIMIT_MS;
  while ((await countResets()) === before && performance.now() < limit) await sleep(20);
}

/** A server of this process that listens some time after the doctor was refused. */
async function late(bench: Bench, app: Promise<App>, afterMs: number, patience: string, path = '/mcp'): Promise<Arranged> {
  const ready = await app;
  const port = await bench.freePort();
  return {
    url: `http://127.0.0.1:${port}${path}`,
    args: ['--patience', patience],
    meanwhile: async () => {
      await firstRefusal();
      await sleep(afterMs);
      await bench.listen(ready, { port });
    },
  };
}

export default [
  defineFault({
    id: 'startup-race/comes-up-after-a-second',
    group: 'process',
    network: {},
    arrange: (bench) => late(bench, statefulV1(), 1200, '6s'),
    expect: { status: 'warning', findings: ['startup-race'], says: /\d(?:\.\d+)? ?m?s/ },
    within: 10_000,
  }),
  defineFault({
    id: 'startup-race/modern-server-comes-up',
    group: 'process',
    network: {},
    arrange: (bench) => late(bench, dualV2(), 2000, '6s'),
    expect: { status: 'warning', findings: ['startup-race'], remedy: /wait/ },
    within: 10_000,
  }),
  defineFault({
    id: 'startup-race/fastmcp-still-importing',
    group: 'process',
    needs: ['python-1'],
    network: {},
    async arrange(bench) {
      const port = await bench.freePort();
      return {
        url: `http://127.0.0.1:${port}/mcp`,
        args: ['--patience', '15s'],
        meanwhile: async () => {
          await firstRefusal();
          await startPython(bench, { version: 1, transport: 'http', port });
        },
      };
    },
    expect: { status: 'warning', findings: ['startup-race'] },
    within: 20_000,
  }),
  defineFault({
    id: 'startup-race/process-seen-still-starting',
    group: 'process',
    network: {},
    async arrange(bench) {
      const port = await bench.freePort();
      await bench.program(process.execPath, ['-e', 'setTimeout(() => {}, 60000)', 'server.js', '--port', String(port)]);
      return { url: `http://127.0.0.1:${port}/mcp`, args: ['--patience', '600'] };
    },
    expect: { status: 'failed', cause: 'startup-race', certainty: ['likely', 'possible'] },
  }),
  defineFault({
    id: 'startup-race/sse-server-comes-up',
    group: 'process',
    network: {},
    async arrange(bench) {
      const arranged = await late(bench, sseV1(), 1000, '6s', '/sse');
      return { ...arranged, args: [...(arranged.args ?? []), '--transport', 'sse'] };
    },
    expect: { status: 'warning', findings: ['startup-race'], notCauses: ['sse-legacy'] },
    within: 10_000,
  }),
  defineNearMiss({
    id: 'startup-race/longer-than-the-patience',
    group: 'process',
    network: {},
    arrange: (bench) => late(bench, statefulV1(), 4000, '300'),
    expect: { status: 'failed', cause: 'server-not-running', notCauses: ['startup-race'] },
  }),
  defineNearMiss({
    id: 'startup-race/just-in-time',
    group: 'process',
    network: {},
    async arrange(bench) {
      // Started a moment before the doctor: there is no race to see.
      const server = await bench.serve('v1-stateful', {});
      return { url: server.url(), args: ['--patience', '5s'] };
    },
    expect: { status: 'ok', notCauses: ['startup-race'] },
  }),
];
