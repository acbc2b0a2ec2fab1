/** One case in a process of its own, inside its namespace: arranges the fault, runs the doctor, judges, cleans up. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createBench } from './bench.ts';
import { runDoctor } from './doctor.ts';
import { findFault } from './faults.ts';
import { judge, verdictOf } from './judge.ts';

/** What the case tells the lab, through a file named on the command line. */
export interface CaseResult {
  readonly verdict: string;
  readonly ms: number;
  readonly peakKilobytes: number | null;
  readonly complaints: readonly string[];
  /** The doctor's raw output, for a look at a failed case. */
  readonly stdout: string;
  readonly stderr: string;
}

async function main(id: string, folder: string, there: string | null): Promise<void> {
  const fault = findFault(id);
  const bench = createBench(folder, there);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void bench.release().finally(() => process.exit(1)));
  }
  let result: CaseResult;
  try {
    const arranged = await fault.arrange(bench);
    const home = join(folder, 'home');
    await mkdir(home);
    const run = await runDoctor(arranged, home);
    const complaints = [...(await judge(fault, arranged, run)), ...(await bench.leftovers())];
    result = {
      verdict: verdictOf(run, fault),
      ms: run.ms,
      peakKilobytes: run.peakKilobytes,
      complaints,
      stdout: run.stdout,
      stderr: run.stderr,
    };
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    result = { verdict: 'not arranged', ms: 0, peakKilobytes: null, complaints: [text], stdout: '', stderr: '' };
  }
  await writeFile(join(folder, 'result.json'), JSON.stringify(result));
  await bench.release();
  process.exit(0);
}

const [id = '', folder = '', there = ''] = process.argv.slice(2);
await main(id, folder, there === '' ? null : there);
