/**
 * Runs the checks, cheap ones first, and closes with one line `N passed, N failed[, N skipped]`.
 * `--fast` runs the unit lane only.
 */
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { existsSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import { ensureBuilt } from './ensure-built.mjs';
import { ensureInstalled } from './ensure-installed.mjs';
import { at, filesUnder, ROOT, toolPath } from './lib/project.mjs';
import { closingLine, endsWithClosingLine, readClosingLine } from './lib/totals.mjs';

const MINUTE = 60_000;
/** A hung lane must end by itself; each limit is some ten times what the lane takes on two slow cores. */
const LIMITS = { gate: 3 * MINUTE, unit: MINUTE, rig: 15 * MINUTE, lab: 30 * MINUTE, chaos: 8 * MINUTE };

const REPORTER = `--test-reporter=${pathToFileURL(at('scripts', 'reporter.mjs')).href}`;

/** A gate is one check: its exit code decides. */
function gate(name, packageName, command, args) {
  return { name, kind: 'gate', limit: LIMITS.gate, args: () => [toolPath(packageName, command), ...args] };
}

/** A lane counts its own tests and says how many in its closing line. */
function lane(name, limit, args) {
  return { name, kind: 'lane', limit, args };
}

/** Two processes, since two cores are what everybody has. */
const UNIT = lane('unit', LIMITS.unit, () => ['--test', REPORTER, at('scripts', 'unit', '0.mjs'), at('scripts', 'unit', '1.mjs')]);

/** A process per file, since these start servers and children. Node 20 expands no globs, so the files are listed. */
const RIG = lane('rig', LIMITS.rig, () => {
  const files = ['rig', 'e2e'].flatMap((folder) => filesUnder(at('build', 'test', folder), (name) => name.endsWith('.test.js')));
  return files.length === 0
    ? null
    : ['--test', `--test-concurrency=${availableParallelism()}`, '--test-timeout=180000', REPORTER, ...files];
});

const LAB = lane('lab', LIMITS.lab, () => (existsSync(at('build/test/lab/lab.js')) ? [at('build/test/lab/lab.js')] : null));

/** Fifty kills of the server behind `connect`; `npm run chaos -- --long` makes a thousand. */
const CHAOS = lane('chaos', LIMITS.chaos, () => [at('build/test/chaos/chaos.js')]);

const BEFORE_BUILD = [
  gate('format', '@biomejs/biome', 'biome', ['format', '.']),
  gate('lint', 'oxlint', 'oxlint', ['--type-aware', '--deny-warnings']),
];
const AFTER_BUILD = [
  { name: 'generated', kind: 'gate', limit: LIMITS.gate, args: () => [at('scripts', 'gen.mjs'), '--check'] },
  UNIT,
  gate('unused', 'knip', 'knip', []),
  gate('unused in production', 'knip', 'knip', ['--production', '--strict']),
  // First the lab: it makes the Python environments that the rig uses as well.
  LAB,
  RIG,
  CHAOS,
  gate('package', 'publint', 'publint', ['--strict']),
  gate('package types', '@arethetypeswrong/cli', 'attw', ['--pack', '.', '--profile', 'esm-only']),
];

const groups = new Set();
for (const [signal, number] of [
  ['SIGINT', 2],
  ['SIGTERM', 15],
]) {
  process.on(signal, () => {
    for (const end of groups) end();
    process.exit(128 + number);
  });
}

function endGroup(child, posix) {
  try {
    if (posix) process.kill(-child.pid, 'SIGKILL');
    else child.kill();
  } catch (error) {
    // Gone already.
    if (error.code !== 'ESRCH') throw error;
  }
}

/** How long a lane may take to end after its closing line, in milliseconds; a forgotten server or child would keep it for ever. */
const LINGER = 10_000;

/** Runs one step in a process group of its own, so that a hung one goes with all its children. */
function execute({ args, limit, echo, kind }) {
  return new Promise((resolve) => {
    const posix = process.platform !== 'win32';
    const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'], detached: posix });
    const end = () => endGroup(child, posix);
    let output = '';
    let ended = null;
    const stop = (why) => {
      ended ??= why;
      end();
    };
    const timer = setTimeout(stop, limit, `not finished after ${limit / 1000} s`);
    let linger;
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
        if (echo) process.stderr.write(text);
        clearTimeout(linger);
        if (kind === 'lane' && endsWithClosingLine(output))
          linger = setTimeout(stop, LINGER, 'did not end after its last test: something was left running');
      });
    }
    groups.add(end);
    child.on('error', (error) => resolve({ code: 127, output: error.message, ended }));
    child.on('close', (code) => {
      clearTimeout(timer);
      clearTimeout(linger);
      groups.delete(end);
      resolve({ code: code ?? 1, output, ended });
    });
  });
}

const FAILED = { passed: 0, failed: 1, skipped: 0 };

/** What a finished step adds to the totals, and what is wrong with it if anything. */
function judge(step, { code, output, ended }) {
  if (ended !== null) {
    const { passed, failed, skipped } = readClosingLine(output) ?? { ...FAILED, failed: 0 };
    return { totals: { passed, failed: failed + 1, skipped }, why: ended };
  }
  if (step.kind === 'gate')
    return code === 0 ? { totals: { passed: 1, failed: 0, skipped: 0 }, why: null } : { totals: FAILED, why: `exit code ${code}` };
  const totals = readClosingLine(output);
  if (totals === null) return { totals: FAILED, why: `ended with code ${code} and without a closing line` };
  if (totals.failed === 0 && code !== 0) return { totals: { ...totals, failed: 1 }, why: `no test failed, but the exit code is ${code}` };
  if (totals.passed + totals.failed + totals.skipped === 0) return { totals: FAILED, why: 'no test was found' };
  return { totals, why: totals.failed > 0 ? `${totals.failed} failed` : null };
}

async function runStep(step) {
  const started = performance.now();
  const args = step.args();
  const echo = step === LAB;
  const result = args === null ? null : await execute({ ...step, args, echo });
  const { totals, why } = result === null ? { totals: FAILED, why: 'no test was found' } : judge(step, result);
  if (why !== null && result !== null && !echo) process.stdout.write(`${result.output.trimEnd()}\n`);
  const seconds = `${((performance.now() - started) / 1000).toFixed(1)} s`;
  const counts = step.kind === 'lane' ? `  ${closingLine(totals)}` : '';
  console.log(
    `${why === null ? 'ok    ' : 'FAILED'} ${step.name.padEnd(22)} ${seconds.padStart(8)}${counts}${why === null ? '' : `  (${why})`}`,
  );
  return totals;
}

async function main() {
  const fast = process.argv.includes('--fast');
  const all = { passed: 0, failed: 0, skipped: 0 };
  const add = (totals) => {
    for (const key of Object.keys(all)) all[key] += totals[key];
  };
  try {
    await ensureInstalled();
    if (!fast) for (const step of BEFORE_BUILD) add(await runStep(step));
    await ensureBuilt();
    if (!fast) {
      console.log('ok     build');
      all.passed += 1;
    }
    for (const step of fast ? [UNIT] : AFTER_BUILD) add(await runStep(step));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    console.log('FAILED install and build      (what follows was not run)');
    all.failed += 1;
  }
  console.log(closingLine(all));
  process.exitCode = all.failed === 0 ? 0 : 1;
}

await main();
