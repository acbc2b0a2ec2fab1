/**
 * `npm run bench`: whole commands against a yardstick measured in the same run, interleaved, medians of ratios.
 * As root on Linux it runs in a network namespace of its own, so that other listeners of the machine play no part.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { cpus } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { measureBridges, renderLines } from './bridges.ts';
import { median, run, type Sample } from './measure.ts';

const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 15);
const HERE = fileURLToPath(new URL('.', import.meta.url));
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const MCPREACH = `${ROOT}dist/cli.js`;

interface Row {
  readonly what: string;
  readonly against: string;
  readonly bar: number;
  /** The measured command and its yardstick, with the exit codes that mean "it did its work". */
  readonly command: readonly string[];
  readonly code: number;
  readonly yardstick: readonly string[];
  readonly yardstickCode: number;
  readonly rounds?: number;
}

isolate();
// `npm run bench -- connect serve wait` prints one of these alone and writes nothing.
const parts = process.argv.slice(2);
if (parts.length > 0) {
  process.stdout.write(`${renderLines(await measureBridges(Math.min(ROUNDS, 9), parts))}\n`);
  process.exit(0);
}
const servers: ChildProcess[] = [];
try {
  const refused = await closedPorts(100);
  const refusedUrls = refused.map((port) => `http://127.0.0.1:${port}/mcp`);
  const node = process.execPath;
  const nothing = [node, '-e', '0'];
  const doctor = [node, MCPREACH, 'doctor', '--patience', '0'];
  const lines: string[] = [];
  const rows: Row[] = [
    {
      what: '`mcpreach --version`',
      against: '`node -e 0`',
      bar: 1.6,
      command: [node, MCPREACH, '--version'],
      code: 0,
      yardstick: nothing,
      yardstickCode: 0,
    },
    {
      what: 'refused, `--patience 0`',
      against: '`node -e 0`',
      bar: 2.5,
      command: [...doctor, refusedUrls[0]!],
      code: 1,
      yardstick: nothing,
      yardstickCode: 0,
    },
  ];
  for (const row of rows) lines.push(await measure(row));
  // Only now: a refusal is measured as on a machine without other MCP servers.
  const healthyUrls = (await startServers(100)).map((port) => `http://127.0.0.1:${port}/mcp`);
  const served: Row[] = [
    {
      what: 'a healthy local endpoint',
      against: 'the same handshake with `fetch` in a bare script',
      bar: 2,
      command: [node, MCPREACH, 'doctor', healthyUrls[0]!],
      code: 0,
      yardstick: [node, `${HERE}fetch-handshake.js`, healthyUrls[0]!],
      yardstickCode: 0,
    },
    {
      what: '200 URLs in one call, half healthy, half refused',
      against: 'one healthy URL in one call',
      bar: 4,
      command: [...doctor, ...healthyUrls, ...refusedUrls],
      code: 1,
      yardstick: [...doctor, healthyUrls[0]!],
      yardstickCode: 0,
    },
  ];
  for (const row of served) lines.push(await measure(row));
  const memory = await peak([...doctor, ...healthyUrls, ...refusedUrls], 1);
  for (const server of servers) server.kill();
  const bridges = renderLines(await measureBridges(Math.min(ROUNDS, 9), ['connect', 'serve', 'wait']));
  writeFileSync(`${ROOT}bench/RESULTS.md`, page(lines, memory, bridges));
  process.stdout.write(page(lines, memory, bridges));
} finally {
  for (const server of servers) server.kill();
}

/** Runs this script again inside a fresh network namespace, where that is possible. */
function isolate(): void {
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || process.env['BENCH_ISOLATED'] !== undefined) return;
  const inside = ['--net', 'sh', '-c', 'ip link set lo up && exec "$0" "$@"', process.execPath, ...process.argv.slice(1)];
  const { status, error } = spawnSync('unshare', inside, { stdio: 'inherit', env: { ...process.env, BENCH_ISOLATED: '1' } });
  if (error === undefined) process.exit(status ?? 1);
}

async function measure(row: Row): Promise<string> {
  const ratios: number[] = [];
  const own: number[] = [];
  const theirs: number[] = [];
  // One round to warm the file cache, then A B A B: both see the same weather.
  for (let round = -1; round < (row.rounds ?? ROUNDS); round++) {
    const a: Sample = await run(row.command, row.code);
    const b: Sample = await run(row.yardstick, row.yardstickCode);
    if (round < 0) continue;
    own.push(a.ms);
    theirs.push(b.ms);
    ratios.push(a.ms / b.ms);
  }
  const ratio = median(ratios);
  const spread = `${Math.min(...ratios).toFixed(2)} – ${Math.max(...ratios).toFixed(2)}`;
  const verdict = ratio <= row.bar ? 'yes' : '**no**';
  return `| ${row.what} | ${median(own).toFixed(0)} ms | ${row.against} | ${median(theirs).toFixed(0)} ms | **${ratio.toFixed(2)}** | ${spread} | ${row.bar} | ${verdict} |`;
}

async function peak(command: readonly string[], code: number): Promise<number> {
  const samples = [];
  for (let round = 0; round < 5; round++) samples.push(await run(command, code, true));
  return Math.max(...samples.map(({ peakMiB }) => peakMiB ?? 0));
}

function startServers(count: number): Promise<readonly number[]> {
  const child = spawn(process.execPath, [`${HERE}server.js`, String(count)], { stdio: ['ignore', 'pipe', 'inherit'] });
  servers.push(child);
  return new Promise((resolve) => {
    const ports: number[] = [];
    createInterface({ input: child.stdout }).on('line', (line) => {
      ports.push(Number(line));
      if (ports.length === count) resolve(ports);
    });
  });
}

/** Ports that were free a moment ago: nobody else takes ports in this namespace. */
async function closedPorts(count: number): Promise<readonly number[]> {
  const open = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return server;
    }),
  );
  const ports = open.map((server) => (server.address() as { port: number }).port);
  await Promise.all(open.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

function page(lines: readonly string[], memory: number, bridges: string): string {
  return `# Results

Written by \`npm run bench\` on Node ${process.versions.node}, ${cpus().length} cores. Whole processes, timed from outside; ${ROUNDS} interleaved
rounds after a warm-up, medians; the ratio is the median of the rounds' own ratios.

| what | median | against | median | ratio | smallest – largest | bar | within |
| --- | --- | --- | --- | --- | --- | --- | --- |
${lines.join('\n')}

Peak memory of the call with 200 URLs, largest of five runs: ${memory.toFixed(0)} MiB (bar: 150 MB).

## Bridges and waiting

The client is the official SDK's, the servers too; the relay is \`bench/relay.ts\`, the same job with nothing to spare. Blocks
are interleaved, ratios are taken block by block, medians of them.

${bridges}
`;
}
