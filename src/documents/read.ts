import type { DocumentFormat } from '../model/document.ts';
import { readJson } from './json.ts';
import { readJson5 } from './json5.ts';
import { readToml } from './toml.ts';
import type { Fault, Reading } from './tree.ts';
import { readYaml } from './yaml.ts';

const READERS = {
  json: (text) => readJson(text, { strict: true }),
  jsonc: (text) => readJson(text, { strict: false }),
  json5: readJson5,
  toml: readToml,
  yaml: readYaml,
} satisfies Record<DocumentFormat, (text: string) => Reading>;

/** Deeper nesting than any config has; the parsers are recursive and end the process, or throw, when a text is made to exhaust them. */
const DEEPEST = 200;

const EXHAUSTING: Reading = {
  root: null,
  faults: [
    { code: 'syntax', span: { start: 0, end: 0 }, message: 'The values are nested too deeply, or grow too large through their aliases.' },
  ],
};

/** Reads a text of any format; faults are in order of position. */
export function readText(text: string, format: DocumentFormat): Reading {
  if (isTooDeep(text)) return EXHAUSTING;
  try {
    const { root, faults } = READERS[format](text);
    return { root, faults: faults.map((fault) => within(fault, text.length)).sort((a, b) => a.span.start - b.span.start) };
  } catch (error) {
    if (error instanceof RangeError) return EXHAUSTING;
    throw error;
  }
}

/** Some parsers report an early end one character behind it. */
function within(fault: Fault, length: number): Fault {
  const { start, end } = fault.span;
  return { ...fault, span: { start: Math.min(start, length), end: Math.min(end, length) } };
}

/** Counts brackets wherever they stand, and for YAML the indentation and the dashes a line begins with. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  for (const [token] of text.matchAll(/[[\]{}]|^[ \t]{1000,}|(?:[-?][ \t]+){200,}/gm)) {
    if (token.length > 1) return true;
    depth += token === '[' || token === '{' ? 1 : -1;
    if (depth > DEEPEST) return true;
  }
  return false;
}
