/**
 * `npm run conformance`: the official suite against a server of each official SDK, straight and through
 * `mcpreach serve -- mcpreach connect URL`. What passes straight must pass through both bridges. `--only v1,v2` chooses the
 * server, `--connect "…"` and `--serve "…"` put other bridges in their place; in the latter {port} and {command} are filled in.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { installSuite, type Release, type Score, type SuiteRun } from './suite.ts';

const PROGRAM = `${process.execPath} ${fileURLToPath(new URL('../../../dist/cli.js', import.meta.url))}`;
const { values } = parseArgs({
  options: {
    only: { type: 'string', default: 'v1,v2' },
    connect: { type: 'string', default: `${PROGRAM} connect` },
    serve: { type: 'string', default: `${PROGRAM} serve --port {port} -- {command}` },
    /** Prints what the suite said where a scenario got worse. */
    verbose: { type: 'boolean', default: false },
  },
});

interface Case {
  readonly what: string;
  readonly release: Release;
  readonly options: readonly string[];
  /** The servers that claim to do this. */
  readonly servers: readonly string[];
}

const CASES: readonly Case[] = [
  { what: '0.1.16 active', release: 'released', options: ['--suite', 'active'], servers: ['v1', 'v2'] },
  { what: '0.1.16 all', release: 'released', options: ['--suite', 'all'], servers: ['v1', 'v2'] },
  { what: 'alpha 2025-11-25', release: 'alpha', options: ['--requirements', '2025-11-25'], servers: ['v1', 'v2'] },
  { what: 'alpha 2026-07-28', release: 'alpha', options: ['--requirements', '2026-07-28'], servers: ['v2'] },
];

const children: ChildProcess[] = [];
process.on('exit', () => {
  for (const child of children) child.kill();
});
let passed = 0;
let failed = 0;
try {
  const suite = await installSuite(fileURLToPath(new URL('../../conformance-suite', import.meta.url)));
  if (suite === null) {
    console.log('0 passed, 0 failed, 1 skipped');
    process.exit(0);
  }
  console.log('server  suite              direct     bridged    scenarios that differ');
  for (const server of ['v1', 'v2'].filter((name) => values.only.split(',').includes(name))) {
    const direct = await startServer(server);
    const bridged = await startBridges(direct);
    for (const { what, release, options, servers } of CASES) {
      if (!servers.includes(server)) continue;
      const [straight, through] = [await suite.run(release, direct, options), await suite.run(release, bridged, options)];
      const differing = compare(straight, through);
      const worse = differing.filter(({ isWorse }) => isWorse);
      // A suite that ran nothing has proved nothing.
      const ok = worse.length === 0 && straight.scores.size > 0 && through.code === straight.code;
      if (ok) passed += 1;
      else failed += 1;
      const told = differing.map(({ scenario, before, after }) => `${scenario} ${words(before)} -> ${words(after)}`).join(', ');
      const codes = straight.code === through.code ? '' : ` (exit codes ${straight.code} and ${through.code})`;
      console.log(
        `${server.padEnd(7)} ${what.padEnd(18)} ${total(straight).padEnd(10)} ${total(through).padEnd(10)} ${told || 'none'}${codes}`,
      );
      if (straight.scores.size === 0) console.log(straight.output.slice(-2000));
      if (!ok && values.verbose) console.log(through.output);
    }
  }
} finally {
  for (const child of children) child.kill();
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

interface Difference {
  readonly scenario: string;
  readonly before: Score | undefined;
  readonly after: Score | undefined;
  readonly isWorse: boolean;
}

function compare(straight: SuiteRun, through: SuiteRun): Difference[] {
  return [...new Set([...straight.scores.keys(), ...through.scores.keys()])].flatMap((scenario) => {
    const [before, after] = [straight.scores.get(scenario), through.scores.get(scenario)];
    if (before?.passed === after?.passed && before?.failed === after?.failed) return [];
    const isWorse = after === undefined || after.failed > (before?.failed ?? 0) || after.passed < (before?.passed ?? 0);
    return [{ scenario, before, after, isWorse }];
  });
}

function words(score: Score | undefined): string {
  return score === undefined ? 'not run' : `${score.passed}/${score.failed}`;
}

function total({ scores }: SuiteRun): string {
  const all = [...scores.values()];
  return `${all.reduce((sum, score) => sum + score.passed, 0)}/${all.reduce((sum, score) => sum + score.failed, 0)}`;
}

/** Starts the fixture; resolves with the address it prints. */
function startServer(name: string): Promise<string> {
  const child = spawn(process.execPath, [fileURLToPath(new URL(`./servers/${name}.js`, import.meta.url))], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  return new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    child.once('exit', (code) => reject(new Error(`the server ${name} ended with code ${code}`)));
  });
}

/** Starts `serve` in front of `connect` and waits until something answers HTTP there. */
async function startBridges(url: string): Promise<string> {
  const port = await freePort();
  const words = values.serve.replace('{port}', String(port)).replace('{command}', `${values.connect} ${url}`).split(' ');
  const child = spawn(words[0]!, words.slice(1), { stdio: ['ignore', 'inherit', 'inherit'] });
  children.push(child);
  const bridged = `http://127.0.0.1:${port}/mcp`;
  while (
    !(await fetch(bridged).then(
      (response) => response.body?.cancel().then(() => true) ?? true,
      () => false,
    ))
  ) {
    if (child.exitCode !== null) throw new Error(`serve ended with code ${child.exitCode}`);
    await sleep(50);
  }
  return bridged;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
