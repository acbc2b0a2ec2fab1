/**
 * `npm run eval:explain [-- FILE]`: how often `explain` names the right cause of labelled real cases, first or among the first three.
 * The cases are no part of the repository: ../shared/cases/open-cases.jsonl, the file that is named, or $MCPREACH_CASES.
 */
import { fileURLToPath } from 'node:url';
import { explain } from '../../src/commands/explain.ts';
import { type Case, readCases, rightCodes } from './cases.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

const words = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const path = words[0] ?? process.env['MCPREACH_CASES'] ?? `${ROOT}../shared/cases/open-cases.jsonl`;
const verbose = process.argv.includes('--verbose');
const cases = readCases(path)?.filter(({ error_literal }) => error_literal);
if (cases === undefined) {
  console.log(`No cases at ${path}: nothing is scored.`);
} else {
  for (const confidence of ['high', 'medium'] as const)
    report(
      confidence,
      cases.filter((one) => one.confidence === confidence),
    );
}

function report(title: string, those: readonly Case[]): void {
  const places = new Map<string, number[]>();
  for (const one of those) {
    const right = rightCodes(one);
    const { candidates } = explain({ text: one.error_text, system: one.os, client: clientId(one.client) });
    const place = candidates.findIndex(({ cause }) => right.includes(cause)) + 1;
    places.set(one.cause_code, [...(places.get(one.cause_code) ?? []), place]);
    if (verbose && place !== 1)
      console.log(`  ${one.id}: ${right.join('|')} at ${place}; ${candidates.map(({ cause, score }) => `${cause} ${score}`).join(', ')}`);
  }
  console.log(`\n${title} confidence, literal text`);
  for (const [cause, found] of [...places].sort(([a], [b]) => (a < b ? -1 : 1))) console.log(line(cause, found));
  console.log(line('total', [...places.values()].flat()));
}

function line(name: string, places: readonly number[]): string {
  const first = places.filter((place) => place === 1).length;
  const three = places.filter((place) => place >= 1 && place <= 3).length;
  const share = (count: number): string =>
    `${String(count).padStart(3)} ${String(Math.round((100 * count) / places.length)).padStart(3)} %`;
  return `${name.padEnd(22)} ${String(places.length).padStart(3)} cases   top-1 ${share(first)}   top-3 ${share(three)}`;
}

/** A client's name as the catalogue's ids are written; undefined where the case does not say. */
function clientId(name: string): string | undefined {
  return name === 'unknown' ? undefined : name.toLowerCase().replaceAll(' ', '-');
}
