import type { Statistics } from '../../src/facts/signatures/signature.ts';

/** The counts as a source file, sorted, in the formatter's own form. */
export function renderStatistics({ signatures, systems, causes }: Statistics): string {
  return `// Counted by \`npm run eval:explain -- --write\`. Do not edit.
import type { Statistics } from './signature.ts';

/** How often real cases that people labelled had which cause, by signature and by system. */
export const STATISTICS: Statistics = {
  signatures: ${table(signatures, 2)},
  systems: ${table(systems, 2)},
  causes: ${row(causes, 2)},
};
`;
}

function table(counts: Readonly<Record<string, Readonly<Record<string, number>>>>, indent: number): string {
  const pad = ' '.repeat(indent);
  const lines = sorted(counts).map(([name, own]) => `${pad}  ${key(name)}: ${row(own, indent + 2)},\n`);
  return `{\n${lines.join('')}${pad}}`;
}

/** One line while it fits, else a line for each. */
function row(counts: Readonly<Record<string, number>>, indent: number): string {
  const cells = sorted(counts).map(([name, number]) => `${key(name)}: ${number}`);
  const line = `{ ${cells.join(', ')} }`;
  const pad = ' '.repeat(indent);
  return line.length + indent <= 90 ? line : `{\n${cells.map((cell) => `${pad}  ${cell},\n`).join('')}${pad}}`;
}

function sorted<Value>(record: Readonly<Record<string, Value>>): readonly (readonly [string, Value])[] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
}

function key(name: string): string {
  return /^[a-z]\w*$/.test(name) ? name : `'${name}'`;
}
