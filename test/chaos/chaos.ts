/** `npm run chaos -- [--seed N] [--kills N] [--long] [--only TEXT] [--verbose]`: what `connect` promises, while its server dies in every way. */
import { parseArgs } from 'node:util';
import type { Flavour } from './faults.ts';
import { type Run, torment } from './run.ts';

const VARIANTS: readonly { readonly flavour: Flavour; readonly title: string }[] = [
  { flavour: 'json', title: 'Streamable HTTP, JSON answers' },
  { flavour: 'events', title: 'Streamable HTTP, event streams' },
  { flavour: 'modern', title: 'Streamable HTTP, 2026-07-28' },
  { flavour: 'sse', title: 'HTTP+SSE' },
  { flavour: 'stdio', title: 'stdio' },
];

const KILLS = 50;
const LONG_KILLS = 1_000;
/** At the same time: outages are mostly waiting. */
const CONCURRENCY = 2;
const SHOWN = 12;

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    kills: { type: 'string' },
    long: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
  },
});
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
const kills = Number(values.kills ?? (values.long ? LONG_KILLS : KILLS));
const variants = VARIANTS.filter(({ flavour }) => flavour.includes(values.only));
const each = Math.max(1, Math.round(kills / variants.length));

console.log(`chaos: seed ${seed}, ${each} kills for each of ${variants.length} servers`);
const widths = [31, 6, 8, 8, 5, 7, 9, 5, 4, 5];
const row = (cells: readonly (string | number)[]) =>
  cells.map((cell, index) => (index === 0 ? String(cell).padEnd(widths[index] ?? 0) : String(cell).padStart(widths[index] ?? 0))).join(' ');
console.log(row(['server', 'faults', 'requests', 'served', 'no', 'unknown', 'cancelled', 'twice', 'lost', 's']));

let failed = 0;
const note = (what: string) => void (values.verbose && console.log(`    ${what}`));

function show(title: string, run: Run): void {
  const isGood = run.complaints.length === 0;
  if (!isGood) failed += 1;
  const counts = [run.faults, run.requests, run.served, run.no, run.unknown, run.cancelled, run.twice, run.lost, run.seconds.toFixed(0)];
  console.log(`${row([title, ...counts])}  ${isGood ? 'ok' : 'FAILED'}`);
  for (const complaint of run.complaints.slice(0, SHOWN)) console.log(`    ${complaint}`);
  if (run.complaints.length > SHOWN) console.log(`    and ${run.complaints.length - SHOWN} more`);
}

let next = 0;
const worker = async () => {
  for (let index = next++; index < variants.length; index = next++) {
    const variant = variants[index];
    if (variant === undefined) return;
    try {
      show(variant.title, await torment(variant.flavour, each, seed + index, note));
    } catch (error) {
      failed += 1;
      console.log(`${variant.title}  FAILED\n    ${error instanceof Error ? error.stack : String(error)}`);
    }
  }
};
await Promise.all(Array.from({ length: CONCURRENCY }, worker));
console.log(`${variants.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
