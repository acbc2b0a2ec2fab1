/** Runs the built command as a black box: its output, exit code, time and peak memory, and what it left behind. */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ErrorDocument, Report } from '../../src/model/report.ts';
import type { Arranged } from './fault.ts';
import { BIN } from './places.ts';
import { commandLine, end, findMarked, peakMemory } from './processes.ts';

/** Far above the contract's 40 s for the slowest run: past it the doctor hangs and is ended. */
const HARD_LIMIT_MS = 70_000;
const MEMORY_INTERVAL_MS = 15;
/** How soon after its end everything the doctor started has to be gone. */
const GRACE_MS = 300;
/** Marks the doctor's process and everything it starts. */
const MARK = 'MCPREACH_LAB_DOCTOR';

export interface DoctorRun {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly ms: number;
  /** Milliseconds from {@link Arranged.meanwhile}'s interrupt to the end; null without one. */
  readonly msAfterInterrupt: number | null;
  /** Highest resident size, kilobytes; null where /proc is missing. */
  readonly peakKilobytes: number | null;
  readonly document: Report | ErrorDocument | null;
  /** Command lines of processes that outlived the doctor. */
  readonly survivors: readonly string[];
}

/** What the doctor inherits of our environment. Nothing that could be a proxy, a CA or a Node option. */
function cleanEnvironment(home: string): Record<string, string> {
  const kept = ['PATH', 'LANG', 'LC_ALL', 'TMPDIR', 'SystemRoot', 'MCPREACH_LAB_CASE'];
  const entries = kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]] as const]));
  return { ...Object.fromEntries(entries), HOME: home, USERPROFILE: home };
}

function parseDocument(stdout: string): Report | ErrorDocument | null {
  try {
    return JSON.parse(stdout) as Report | ErrorDocument;
  } catch {
    return null;
  }
}

/** Runs `doctor` as arranged. `emptyHome` is a folder that stands for the user's unless the case brings its own. */
export async function runDoctor(arranged: Arranged, emptyHome: string): Promise<DoctorRun> {
  const { url = [], command, home = emptyHome, cwd = home } = arranged;
  const targets = [...(typeof url === 'string' ? [url] : url), '--json', ...(arranged.args ?? [])];
  const mark = randomUUID();
  const started = performance.now();
  const own = [process.execPath, BIN, 'doctor', ...targets, ...(command === undefined ? [] : ['--', ...command])];
  const [program = '', ...words] = [...(arranged.through ?? []), ...own];
  const child = spawn(program, words, {
    cwd,
    env: { ...cleanEnvironment(home), ...arranged.env, [MARK]: mark },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  let peakKilobytes: number | null = null;
  let interruptedAt: number | null = null;
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  const watch = setInterval(() => {
    if (child.pid !== undefined) peakKilobytes = Math.max(peakKilobytes ?? 0, peakMemory(child.pid) ?? 0) || null;
  }, MEMORY_INTERVAL_MS);
  const limit = setTimeout(() => child.kill('SIGKILL'), HARD_LIMIT_MS);

  const meanwhile = (async () =>
    arranged.meanwhile?.({
      interrupt() {
        interruptedAt = performance.now();
        child.kill('SIGINT');
      },
    }))();
  // Told when the doctor is done; until then nobody waits for it.
  meanwhile.catch(() => {});
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (...ending) => resolve(ending));
  }).finally(() => {
    clearInterval(watch);
    clearTimeout(limit);
  });
  const ended = performance.now();
  await meanwhile;

  return {
    code,
    signal,
    stdout,
    stderr,
    ms: ended - started,
    msAfterInterrupt: interruptedAt === null ? null : ended - interruptedAt,
    peakKilobytes,
    document: parseDocument(stdout),
    survivors: await findSurvivors(mark, home),
  };
}

/** A server that a client starts gets few of the variables: HOME is one of them, and no other case has the same. */
async function findSurvivors(mark: string, home: string): Promise<string[]> {
  const find = (): number[] => [...new Set([...findMarked(MARK, mark), ...findMarked('HOME', home)])];
  if (find().length > 0) await sleep(GRACE_MS);
  const left = find();
  const lines = left.map((pid) => `${pid} ${commandLine(pid)}`);
  for (const pid of left) end(pid);
  return lines;
}
