import type { DocumentFormat } from '../model/document.ts';
import { readJson } from './json.ts';
import { readJson5 } from './json5.ts';
import { readToml } from './toml.ts';
import type { Reading } from './tree.ts';
import { readYaml } from './yaml.ts';

const READERS = {
  json: (text) => readJson(text, { strict: true }),
  jsonc: (text) => readJson(text, { strict: false }),
  json5: readJson5,
  toml: readToml,
  yaml: readYaml,
} satisfies Record<DocumentFormat, (text: string) => Reading>;

/** Reads a text of any format; faults are in order of position. */
export function readText(text: string, format: DocumentFormat): Reading {
  try {
    const { root, faults } = READERS[format](text);
    return { root, faults: [...faults].sort((a, b) => a.span.start - b.span.start) };
  } catch (error) {
    // The parsers and the trees are recursive: a text made to exhaust them ends here.
    if (!(error instanceof RangeError)) throw error;
    const message = 'The values are nested too deeply, or grow too large through their aliases.';
    return { root: null, faults: [{ code: 'syntax', span: { start: 0, end: 0 }, message }] };
  }
}
