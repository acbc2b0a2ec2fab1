/**
 * `npm run eval:explain [-- FILE]`: how often `explain` names the right cause of labelled real cases, first or among the first three.
 * Each case is judged by what was counted in the other cases. `--write` counts all of them into src/facts/signatures/statistics.gen.ts,
 * `--verbose` shows the cases whose cause did not come first.
 * The cases are no part of the repository: ../shared/cases/open-cases.jsonl, the file that is named, or $MCPREACH_CASES.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Case, readCases, rightCodes } from './cases.ts';
import { count, judge, type Terms } from './score.ts';
import { renderStatistics } from './write.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

const words = process.argv.slice(2);
const path = words.find((word) => !word.startsWith('--')) ?? process.env['MCPREACH_CASES'] ?? `${ROOT}../shared/cases/open-cases.jsonl`;
const cases = readCases(path);
if (cases === undefined) {
  console.log(`No cases at ${path}: nothing is scored.`);
} else {
  // A paraphrase has no wording, and a guessed cause teaches nothing.
  const counted = cases.filter(({ error_literal, confidence }) => error_literal && confidence !== 'low');
  if (words.includes('--write')) writeFileSync(`${ROOT}src/facts/signatures/statistics.gen.ts`, renderStatistics(count(counted)));
  for (const confidence of ['high', 'medium'] as const) {
    const those = counted.filter((one) => one.confidence === confidence);
    report(`${confidence} confidence, literal text, with --os and --client`, those, counted);
    total(`${confidence} confidence, literal text alone`, those, counted, { onlyText: true });
    total(`${confidence} confidence, by signatures that another case shows as well`, those, counted, { onlyShared: true });
  }
}

function report(title: string, those: readonly Case[], all: readonly Case[]): void {
  const places = new Map<string, number[]>();
  for (const one of those) {
    const { place, named } = judge(one, all, {});
    places.set(one.cause_code, [...(places.get(one.cause_code) ?? []), place]);
    if (words.includes('--verbose') && place !== 1)
      console.log(`  ${one.id}: ${rightCodes(one).join(' or ')} at ${place}; ${named.join(', ')}`);
  }
  console.log(`\n${title}`);
  for (const [cause, found] of [...places].sort(([a], [b]) => (a < b ? -1 : 1))) console.log(line(cause, found));
  console.log(line('total', [...places.values()].flat()));
}

function total(title: string, those: readonly Case[], all: readonly Case[], terms: Terms): void {
  console.log(`\n${title}`);
  console.log(
    line(
      'total',
      those.map((one) => judge(one, all, terms).place),
    ),
  );
}

function line(name: string, places: readonly number[]): string {
  const first = places.filter((place) => place === 1).length;
  const three = places.filter((place) => place >= 1 && place <= 3).length;
  const share = (number: number): string =>
    `${String(number).padStart(3)} ${String(Math.round((100 * number) / places.length)).padStart(3)} %`;
  return `${name.padEnd(22)} ${String(places.length).padStart(3)} cases   top-1 ${share(first)}   top-3 ${share(three)}`;
}
