/**
 * `npm run chaos`: breaks the server behind `connect` in every way at hand, under load, and holds the client's book against
 * the server's. `--seed N` repeats a run, `--kills N` says how often the server is killed, `--long` kills it 1,000 times,
 * `--only json,sse,modern,stdio` chooses, `--command "…"` runs another bridge in the place of `mcpreach connect`.
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Kind, runChaos, type RunResult } from './run.ts';

const KINDS: readonly Kind[] = ['json', 'sse', 'modern', 'stdio'];
const PROGRAM = [process.execPath, fileURLToPath(new URL('../../../dist/cli.js', import.meta.url))];
/** How many problems of one check are printed. */
const SHOWN = 5;

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    kills: { type: 'string' },
    long: { type: 'boolean' },
    only: { type: 'string' },
    command: { type: 'string' },
    'one-by-one': { type: 'boolean' },
  },
});
const seed = Number(values.seed ?? Math.floor(Math.random() * 1_000_000));
const kills = Number(values.kills ?? (values.long === true ? 1_000 : 50));
const kinds = values.only === undefined ? KINDS : KINDS.filter((kind) => values.only!.split(',').includes(kind));
const command = values.command?.split(' ') ?? null;
console.log(`seed ${seed}, ${kills} kills (repeat with --seed ${seed})`);

const results: RunResult[] = [];
const run = async (kind: Kind, index: number): Promise<void> => {
  const share = Math.floor(kills / kinds.length) + (index < kills % kinds.length ? 1 : 0);
  results.push(await runChaos(kind, share, seed + index * 1000, command, PROGRAM));
};
if (values['one-by-one'] === true) for (const [index, kind] of kinds.entries()) await run(kind, index);
else await Promise.all(kinds.map(run));

const WIDTHS = [8, 5, 7, 9, 10, 12, 18, 18, 9, 8];
const row = (cells: readonly string[]): void => console.log(cells.map((cell, index) => cell.padStart(WIDTHS[index]!)).join('  '));
const spread = ([median, largest]: readonly [number, number]): string => `${median.toFixed(0)}, ${largest.toFixed(0)} ms`;
console.log('');
row(['server', 'kills', 'others', 'requests', 'cancelled', 'may have run', 'told after', 'back after', 'memory', 'time']);
for (const { kind, lag, back, ...of } of results) {
  const counts = [of.kills, of.faults, of.requests, of.cancelled, of.unknown].map(String);
  const told = lag === null ? '-' : spread(lag);
  row([kind, ...counts, told, spread(back), `${of.peakMiB.toFixed(0)} MiB`, `${of.seconds.toFixed(1)} s`]);
}
console.log('(others: faults that are no kills; told and back after: median, largest)\n');
let passed = 0;
let failed = 0;
for (const { kind, checks } of results) {
  for (const { what, problems } of checks) {
    if (problems.length === 0) passed += 1;
    else {
      failed += 1;
      console.log(`FAILED ${kind}: ${what} (${problems.length})`);
      for (const problem of problems.slice(0, SHOWN)) console.log(`       ${problem}`);
    }
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
