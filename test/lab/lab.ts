/**
 * The fault lab: breaks real servers on real sockets and compares what the built command says with what is wrong.
 * `node lab.js [--group NAME] [--only TEXT] [--list] [--verbose]`; exit code 1 when a case failed.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { CaseResult } from './case.ts';
import { removeControlGroups, removeStaleControlGroups } from './engines/control-groups.ts';
import type { Fault } from './fault.ts';
import { FAULTS } from './faults.ts';
import { makeNamespaces, type Namespaces, removeNamespaces, removeStaleNamespaces } from './namespaces.ts';
import { createNeeds } from './needs.ts';
import { BIN, PROGRAMS } from './places.ts';
import { prepare } from './prepare.ts';
import { end, findMarked } from './processes.ts';

/** Enough to hide the waiting of the slow cases, few enough for two cores. */
const CONCURRENCY = 4;
/** Arranging, the slowest doctor and cleaning up; past it the case is ended by force. */
const CASE_LIMIT_MS = 120_000;
/** More failures than this are no matter of time. */
const MOST_REPEATED = 12;
/** Marks every process of one case. */
const MARK = 'MCPREACH_LAB_CASE';
const WIDTHS = { id: 52, expected: 28, verdict: 34 } as const;

type Outcome =
  | { readonly kind: 'passed' | 'failed'; readonly fault: Fault; readonly result: CaseResult }
  | { readonly kind: 'skipped'; readonly fault: Fault; readonly why: string };

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    group: { type: 'string', multiple: true },
    list: { type: 'boolean' },
    verbose: { type: 'boolean' },
  },
});

function isChosen(fault: Fault): boolean {
  const inGroup = values.group === undefined || values.group.includes(fault.group);
  return inGroup && (values.only === undefined || values.only.some((text) => fault.id.includes(text)));
}

function expectedOf(fault: Fault): string {
  const { expect } = fault;
  if (expect.kind === 'refusal') return 'exit 2';
  if (expect.kind === 'end') return `exit ${expect.code}`;
  const words = expect.cause ?? expect.status;
  const shown = (typeof words === 'string' ? [words] : words).map((word) => word ?? 'none').join('|');
  return expect.cause == null && expect.findings !== undefined ? `${shown}: ${expect.findings.join(', ')}` : shown;
}

/** Marks of the cases that run now. */
const running = new Set<string>();
/** The exit code a signal asked for; once set, no case is started any more. */
let stopped: number | null = null;

function endCase(mark: string): void {
  for (const pid of findMarked(MARK, mark)) end(pid);
}

async function runCase(fault: Fault, number: number, base: string, isolated: boolean): Promise<Outcome> {
  const folder = join(base, String(number));
  await mkdir(folder);
  const mark = `${process.pid}-${number}`;
  let namespaces: Namespaces | null = null;
  running.add(mark);
  try {
    if (isolated) namespaces = await makeNamespaces(number, fault.network);
    const argv = [process.execPath, join(PROGRAMS, 'case.js'), fault.id, folder, namespaces?.there ?? ''];
    const command = namespaces === null ? argv : ['ip', 'netns', 'exec', namespaces.here, ...argv];
    const said = await runToEnd(command, { ...process.env, TMPDIR: folder, [MARK]: mark });
    const file = join(folder, 'result.json');
    const result: CaseResult = existsSync(file)
      ? (JSON.parse(await readFile(file, 'utf8')) as CaseResult)
      : {
          verdict: 'no result',
          ms: 0,
          peakKilobytes: null,
          complaints: [`the case itself broke: ${said.slice(-600)}`],
          stdout: '',
          stderr: '',
        };
    return { kind: result.complaints.length === 0 ? 'passed' : 'failed', fault, result };
  } finally {
    running.delete(mark);
    endCase(mark);
    await removeControlGroups(mark);
    if (namespaces !== null) await removeNamespaces(namespaces);
    await removeSharedMemory(mark);
    await rm(folder, { recursive: true, force: true });
  }
}

/** squid leaves its shared memory behind when it is not ended gently; it is named after the case. */
async function removeSharedMemory(mark: string): Promise<void> {
  const names = await readdir('/dev/shm').catch(() => []);
  const own = names.filter((name) => name.startsWith(`mcplab${mark.replace('-', 'x')}-`));
  await Promise.all(own.map((name) => rm(join('/dev/shm', name), { force: true })));
}

async function runToEnd(command: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  if (stopped !== null) return 'stopped by a signal';
  const child = spawn(command[0] ?? '', command.slice(1), { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (chunk: string) => (said += chunk));
  const limit = setTimeout(() => child.kill('SIGKILL'), CASE_LIMIT_MS);
  await new Promise((resolve) => child.once('exit', resolve).once('error', resolve));
  clearTimeout(limit);
  return said;
}

function fit(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, width - 1)}…` : text.padEnd(width);
}

function row(...cells: readonly [string, string, string, string, string]): string {
  const [id, expected, verdict, ms, ok] = cells;
  return `${fit(id, WIDTHS.id)} ${fit(expected, WIDTHS.expected)} ${fit(verdict, WIDTHS.verdict)} ${ms.padStart(6)}  ${ok}`;
}

function print(outcome: Outcome): void {
  const { fault } = outcome;
  const id = fault.nearMiss ? `~ ${fault.id}` : fault.id;
  if (outcome.kind === 'skipped') {
    console.log(row(id, expectedOf(fault), '', '', `skipped: ${outcome.why}`));
    return;
  }
  console.log(
    row(id, expectedOf(fault), outcome.result.verdict, String(Math.round(outcome.result.ms)), outcome.kind === 'passed' ? 'ok' : 'FAILED'),
  );
  for (const complaint of outcome.result.complaints) console.log(`    ${complaint}`);
  if (values.verbose === true) console.log(`${outcome.result.stdout}${outcome.result.stderr}`);
}

/** Four at once on two cores are unfair to cases about time: whoever failed runs once more, alone, and that is said. */
async function repeatAlone(outcomes: Outcome[], base: string, isolated: boolean): Promise<void> {
  const failed = outcomes.flatMap((outcome, at) => (outcome.kind === 'failed' ? [{ at, fault: outcome.fault }] : []));
  if (failed.length === 0 || failed.length > MOST_REPEATED || stopped !== null) return;
  console.log(`once more, one at a time: ${failed.length}`);
  for (const [index, { at, fault }] of failed.entries()) {
    if (stopped !== null) return;
    const outcome = await runCase(fault, FAULTS.length + index, base, isolated);
    outcomes[at] = outcome;
    print(outcome);
  }
}

async function main(): Promise<number> {
  const chosen = FAULTS.filter(isChosen);
  if (values.list === true) {
    for (const fault of chosen)
      console.log(`${fault.group.padEnd(10)} ${fault.nearMiss ? '~' : ' '} ${fault.id.padEnd(WIDTHS.id)} ${expectedOf(fault)}`);
    const near = chosen.filter((fault) => fault.nearMiss).length;
    console.log(`${chosen.length - near} faults, ${near} near misses`);
    return 0;
  }
  if (!existsSync(BIN)) {
    console.error(`${BIN} is missing: run \`npm run build\` first`);
    return 2;
  }
  await prepare((line) => console.error(`lab: ${line}`));
  const missing = createNeeds();
  const isolated = missing('netns') === null;
  if (isolated) {
    await removeStaleControlGroups();
    await removeStaleNamespaces();
  }

  const started = performance.now();
  const base = await mkdtemp(join(tmpdir(), 'mcpreach-lab-'));
  console.log(row('fault (~ near miss)', 'expected', 'verdict', 'ms', 'ok'));
  const outcomes: Outcome[] = [];
  const printed: (Outcome | undefined)[] = [];
  let next = 0;
  let shown = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < chosen.length && stopped === null; index = next++) {
      const fault = chosen[index];
      if (fault === undefined) return;
      const why = fault.needs.map(missing).find((answer) => answer !== null);
      const outcome: Outcome = why == null ? await runCase(fault, index, base, isolated) : { kind: 'skipped', fault, why };
      outcomes.push(outcome);
      printed[index] = outcome;
      // In the order of the list, whichever case ends first.
      for (let ready = printed[shown]; ready !== undefined; ready = printed[++shown]) print(ready);
    }
  };
  try {
    await Promise.all(Array.from({ length: CONCURRENCY }, worker));
    await repeatAlone(outcomes, base, isolated);
  } finally {
    await rm(base, { recursive: true, force: true });
  }
  const count = (kind: Outcome['kind']): number => outcomes.filter((outcome) => outcome.kind === kind).length;
  console.log(`lab: ${Math.round((performance.now() - started) / 1000)} s`);
  for (const why of new Set(outcomes.flatMap((outcome) => (outcome.kind === 'skipped' ? [outcome.why] : []))))
    console.log(`skipped: ${why}`);
  console.log(`${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped`);
  return stopped ?? (count('failed') === 0 ? 0 : 1);
}

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  // The cases clean up behind themselves; a second signal does not wait for them.
  process.on(signal, () => {
    if (stopped !== null) process.exit(code);
    stopped = code;
    for (const mark of running) endCase(mark);
  });
}
process.exitCode = await main();
