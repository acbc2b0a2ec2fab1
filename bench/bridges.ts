/** The bridges' part of `npm run bench`: `connect`, `serve` and `wait` against their limits, interleaved. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { median } from './measure.ts';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const NODE = process.execPath;
const MCPREACH = process.env['BENCH_PROGRAM'] ?? fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const ECHO = `${HERE}echo-server.js`;

export interface Line {
  readonly what: string;
  readonly own: string;
  readonly against: string;
  readonly theirs: string;
  readonly figure: number;
  readonly unit: '×' | 'ms' | '%' | '';
  readonly bar: number;
}

const children = new Set<ChildProcess>();

/** Measures everything, one part after the other; a part whose command does not exist is left out by its own name. */
export async function measureBridges(rounds: number, parts: readonly string[]): Promise<Line[]> {
  const lines: Line[] = [];
  try {
    if (parts.includes('connect')) lines.push(...(await measureConnect(rounds)));
    if (parts.includes('serve')) lines.push(...(await measureServe(rounds)));
    if (parts.includes('wait')) lines.push(...(await measureWait(rounds)));
  } finally {
    for (const child of children) child.kill('SIGKILL');
  }
  return lines;
}

function against(what: string, name: string, pairs: readonly (readonly [number, number])[], bar: number): Line {
  const [own, theirs] = [median(pairs.map(([a]) => a)), median(pairs.map(([, b]) => b))];
  const digits = own < 10 ? 2 : 0;
  const figure = median(pairs.map(([a, b]) => a / b));
  return { what, own: `${own.toFixed(digits)} ms`, against: name, theirs: `${theirs.toFixed(digits)} ms`, figure, unit: '×', bar };
}

function alone(what: string, figure: number, unit: 'ms' | '%' | '', bar: number): Line {
  return { what, own: '', against: '', theirs: '', figure, unit, bar };
}

async function measureConnect(rounds: number): Promise<Line[]> {
  const { url, child: server } = await startHttp();
  const connect = (): Promise<Opened> => openStdio([MCPREACH, 'connect', '--quiet', url]);
  const relay = (): Promise<Opened> => openStdio([`${HERE}relay.js`, url]);
  const starts: [number, number][] = [];
  for (let round = -1; round < rounds; round++) {
    const pair: [number, number] = [await timed(() => startAndList(connect)), await timed(() => startAndList(relay))];
    if (round >= 0) starts.push(pair);
  }
  const [bridged, limit, direct] = [await connect(), await relay(), await openHttp(url)];
  const lines = [against('`connect`: spawn to the first `tools/list`', 'a bare relay', starts, 1.6)];
  for (const [size, calls] of [
    [100, 200],
    [100_000, 40],
  ] as const) {
    const text = 'x'.repeat(size);
    const blocks: [number, number, number][] = [];
    for (let round = -1; round < rounds; round++) {
      const block: [number, number, number] = [0, 0, 0];
      for (const [index, { client }] of [bridged, limit, direct].entries()) block[index] = await callOneByOne(client, text, calls);
      if (round >= 0) blocks.push(block);
    }
    const label = size === 100 ? '100 B' : '100 KB';
    lines.push(
      against(
        `\`connect\`: a call of ${label}`,
        'the SDK client over HTTP',
        blocks.map(([own, , theirs]) => [own, theirs]),
        1,
      ),
    );
    lines.push(
      against(
        `\`connect\`: a call of ${label}`,
        'a bare relay',
        blocks.map(([own, theirs]) => [own, theirs]),
        1.3,
      ),
    );
  }
  const memory = [bridged, limit].map(({ pid }) => statusOf(pid, 'VmHWM') / 1024) as [number, number];
  const inFlight: [number, number][] = [];
  for (let round = -1; round < rounds; round++) {
    const pair: [number, number] = [
      await timed(() => callAtOnce(bridged.client, 640, 32)),
      await timed(() => callAtOnce(limit.client, 640, 32)),
    ];
    if (round >= 0) inFlight.push(pair);
  }
  lines.push(against('`connect`: 640 calls, 32 in flight', 'a bare relay', inFlight, 1.25));
  const [own, theirs] = memory;
  lines.push({
    what: '`connect`: peak memory with payloads of 100 KB',
    own: `${own.toFixed(0)} MiB`,
    against: 'a bare relay',
    theirs: `${theirs.toFixed(0)} MiB`,
    figure: own / theirs,
    unit: '×',
    bar: 1.3,
  });
  for (const opened of [bridged, limit, direct]) await opened.client.close();
  server.kill('SIGKILL');
  const lags: number[] = [];
  for (let round = 0; round < 5; round++) lags.push(await measureLoss());
  lines.push(alone('`connect`: from the loss of the server to the error of a call under way', median(lags), 'ms', 100));
  return lines;
}

/** Milliseconds from the server's death to the answer of a call that was under way. */
async function measureLoss(): Promise<number> {
  const { url, child } = await startHttp();
  const { client } = await openStdio([MCPREACH, 'connect', '--quiet', url]);
  const answered = client.callTool({ name: 'never', arguments: {} }).then(
    () => performance.now(),
    () => performance.now(),
  );
  await sleep(200);
  const killed = performance.now();
  child.kill('SIGKILL');
  const lag = (await answered) - killed;
  await client.close();
  return lag;
}

async function measureServe(rounds: number): Promise<Line[]> {
  const serve = (...more: string[]): Promise<Started> =>
    startHttp((port) => [MCPREACH, 'serve', '--quiet', ...more, '--port', String(port), '--', NODE, ECHO, 'stdio']);
  const native = (): Promise<Started> => startHttp();
  const starts: [number, number][] = [];
  for (let round = -1; round < rounds; round++) {
    const pair: [number, number] = [await timed(() => listOnce(serve)), await timed(() => listOnce(native))];
    if (round >= 0) starts.push(pair);
  }
  const lines = [against('`serve`: spawn to the first `tools/list`', 'a native HTTP server', starts, 1.2)];

  const [shared, limit] = [await serve('--shared'), await native()];
  const [bridged, direct] = [await openHttp(shared.url), await openHttp(limit.url)];
  const blocks: [number, number][] = [];
  for (let round = -1; round < rounds; round++) {
    const pair: [number, number] = [
      await callOneByOne(bridged.client, 'x'.repeat(100), 200),
      await callOneByOne(direct.client, 'x'.repeat(100), 200),
    ];
    if (round >= 0) blocks.push(pair);
  }
  lines.push(against('`serve`: a call of 100 B', 'a native HTTP server', blocks, 1.1));
  const one = treeMemory(shared.child.pid!);
  const crowds: [number, number][] = [];
  let most = one;
  for (let round = -1; round < 3; round++) {
    const pair: [number, number] = [
      await timed(() => openMany(shared.url, 100, () => (most = Math.max(most, treeMemory(shared.child.pid!))))),
      await timed(() => openMany(limit.url, 100)),
    ];
    if (round >= 0) crowds.push(pair);
  }
  lines.push(against('`serve --shared`: 100 sessions at once', 'a native HTTP server', crowds, 1.5));
  lines.push({
    what: '`serve --shared`: memory with 100 sessions',
    own: `${(most / 1024).toFixed(0)} MiB`,
    against: 'with one session',
    theirs: `${(one / 1024).toFixed(0)} MiB`,
    figure: most / one,
    unit: '×',
    bar: 1.3,
  });
  await Promise.all([bridged.client.close(), direct.client.close()]);
  await Promise.all([stop(shared), stop(limit)]);

  const single = await serve();
  const took = await timed(() => openMany(single.url, 100));
  const closed = performance.now();
  // One may be kept ready for the next session.
  while (treeOf(single.child.pid!).length > 2 && performance.now() - closed < 30_000) await sleep(50);
  lines.push(alone('`serve`: 100 sessions at once, a process each (the best peer: 13.4 s)', took, 'ms', 6_700));
  lines.push(alone('`serve`: until all their processes are gone', performance.now() - closed, 'ms', 5_000));
  await stop(single);
  return lines;
}

/** By then a program has read its code and begun to do its work, in milliseconds. */
const START_MS = 300;

async function measureWait(rounds: number): Promise<Line[]> {
  const lags: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const port = await freePort();
    const exited = new Promise<number>((resolve) =>
      launch([MCPREACH, 'wait', `http://127.0.0.1:${port}/mcp`]).once('exit', () => resolve(epoch())),
    );
    // From just after the start to where the polls have become sparse.
    const server = launch([`${HERE}server.js`, '1', String(port), String(500 + round * 400)]);
    const ready = await firstLine(server);
    lags.push((await exited) - Number(ready));
    server.kill('SIGKILL');
  }
  const lines = [alone('`wait`: lag after readiness', median(lags), 'ms', 15)];
  if (!existsSync('/proc/self/stat')) return lines;
  const waiting = launch([MCPREACH, 'wait', '--timeout', '5m', `http://127.0.0.1:${await freePort()}/mcp`]);
  const spent: number[] = [];
  // Starting a process costs what it costs; polling is what comes after.
  for (const pause of [START_MS, 10_000 - START_MS, 50_000, 20_000]) {
    await sleep(pause);
    spent.push(cpuOf(waiting.pid!));
  }
  waiting.kill();
  lines.push(alone('`wait`: share of a core in the first 10 s', (spent[1]! - spent[0]!) / 100, '%', 4));
  lines.push(alone('`wait`: share of a core after 60 s', (spent[3]! - spent[2]!) / 200, '%', 1));
  return lines;
}

interface Opened {
  readonly client: Client;
  readonly pid: number;
}

interface Started {
  readonly url: string;
  readonly child: ChildProcess;
}

function launch(args: readonly string[]): ChildProcess {
  const child = spawn(NODE, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  children.add(child);
  child.once('exit', () => children.delete(child));
  return child;
}

async function stop({ child }: Started): Promise<void> {
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await Promise.race([gone, sleep(5_000)]);
  child.kill('SIGKILL');
}

/** Starts an HTTP server, the native one unless told otherwise, and waits until it accepts connections. */
async function startHttp(args = (port: number): readonly string[] => [ECHO, String(port)]): Promise<Started> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/mcp`;
  const child = launch(args(port));
  child.stdout!.resume();
  while (
    !(await fetch(url, { method: 'OPTIONS' }).then(
      ({ body }) => (body?.cancel(), true),
      () => false,
    ))
  ) {
    if (child.exitCode !== null) throw new Error(`${args(port).join(' ')} ended with code ${child.exitCode}`);
    await sleep(5);
  }
  return { url, child };
}

async function openStdio(args: readonly string[]): Promise<Opened> {
  const transport = new StdioClientTransport({ command: NODE, args: [...args] });
  const client = new Client({ name: 'bench', version: '0' });
  await client.connect(transport);
  return { client, pid: transport.pid! };
}

async function openHttp(url: string): Promise<Opened> {
  const client = new Client({ name: 'bench', version: '0' });
  await client.connect(new StreamableHTTPClientTransport(new URL(url)) as Parameters<Client['connect']>[0]);
  return { client, pid: process.pid };
}

async function startAndList(open: () => Promise<Opened>): Promise<() => Promise<void>> {
  const { client } = await open();
  await client.listTools();
  return () => client.close();
}

async function listOnce(start: () => Promise<Started>): Promise<() => Promise<void>> {
  const started = await start();
  const { client } = await openHttp(started.url);
  await client.listTools();
  return async () => {
    await client.close();
    await stop(started);
  };
}

/** Times the work, not the tidying that it hands back. */
async function timed(work: () => Promise<(() => Promise<void>) | void>): Promise<number> {
  const started = performance.now();
  const tidy = await work();
  const took = performance.now() - started;
  await tidy?.();
  return took;
}

/** The median of a block's calls, in milliseconds. */
async function callOneByOne(client: Client, text: string, calls: number): Promise<number> {
  const times: number[] = [];
  for (let call = 0; call < calls; call++) {
    const started = performance.now();
    await client.callTool({ name: 'echo', arguments: { text } });
    times.push(performance.now() - started);
  }
  return median(times);
}

async function callAtOnce(client: Client, calls: number, inFlight: number): Promise<void> {
  let left = calls;
  const worker = async (): Promise<void> => {
    while (left-- > 0) await client.callTool({ name: 'echo', arguments: { text: 'x'.repeat(100) } });
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
}

/** Opens sessions at once, lets each list and call, and hands back how they are ended. */
async function openMany(url: string, count: number, whileOpen?: () => void): Promise<() => Promise<void>> {
  const opened = await Promise.all(
    Array.from({ length: count }, async () => {
      const transport = new StreamableHTTPClientTransport(new URL(url));
      const client = new Client({ name: 'bench', version: '0' });
      await client.connect(transport as Parameters<Client['connect']>[0]);
      await client.listTools();
      await client.callTool({ name: 'echo', arguments: { text: 'x' } });
      return { client, transport };
    }),
  );
  return async () => {
    whileOpen?.();
    await Promise.all(opened.map(({ client, transport }) => transport.terminateSession().then(() => client.close())));
  };
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => createInterface({ input: child.stdout! }).once('line', resolve));
}

function epoch(): number {
  return performance.timeOrigin + performance.now();
}

/** A figure of /proc/PID/status in kilobytes; 0 where there is none. */
function statusOf(pid: number, field: string): number {
  try {
    return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** Processor time of a process so far, in milliseconds (the clock ticks a hundred times a second). */
function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** A process and all its descendants. */
function treeOf(root: number): number[] {
  if (!existsSync('/proc/self/stat')) return [root];
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => [Number(name), parentOf(name)] as const);
  const found = [root];
  for (const pid of found) found.push(...parents.filter(([, parent]) => parent === pid).map(([child]) => child));
  return found;
}

function parentOf(pid: string): number {
  try {
    return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ')[1]);
  } catch {
    return 0;
  }
}

function treeMemory(pid: number): number {
  return treeOf(pid).reduce((sum, one) => sum + statusOf(one, 'VmRSS'), 0);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** As rows of a table. */
export function renderLines(lines: readonly Line[]): string {
  const rows = lines.map(({ what, own, against: whom, theirs, figure, unit, bar }) => {
    const digits = unit === '×' || unit === '%' ? 2 : 0;
    const sign = unit === '' ? '' : ` ${unit}`;
    return `| ${what} | ${own} | ${whom} | ${theirs} | **${figure.toFixed(digits)}${sign}** | ${bar}${sign} | ${figure <= bar ? 'yes' : '**no**'} |`;
  });
  return ['| what | median | against | median | figure | bar | within |', '| --- | --- | --- | --- | --- | --- | --- |', ...rows].join(
    '\n',
  );
}
