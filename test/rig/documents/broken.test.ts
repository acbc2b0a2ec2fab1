import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { planEdits } from '../../../src/documents/edit.ts';
import { mendFaults } from '../../../src/documents/mend.ts';
import { parseDocument } from '../../../src/documents/parse.ts';
import type { DocumentFormat } from '../../../src/model/document.ts';
import { createDice, values } from './random.ts';
import { writeJson, writeToml, writeYaml } from './write.ts';

const RUNS = Number(process.env['MCPREACH_RUNS'] ?? 3000);
const PIECES = [
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '"',
  "'",
  '\\',
  '\n',
  '\r',
  '\t',
  ' ',
  '#',
  '//',
  '/*',
  '*/',
  '-',
  '=',
  '.',
  '&a ',
  '*a',
  '|',
  '<<: ',
  '"""',
  '\u0000',
  '\ud800',
  '\uFEFF',
  '__proto__',
  '? ',
  '---\n',
  '!!x ',
];

const WRITERS = {
  json: (table, dice) => writeJson(table, dice, 'json'),
  jsonc: (table, dice) => writeJson(table, dice, 'jsonc'),
  json5: (table, dice) => writeJson(table, dice, 'json5'),
  toml: writeToml,
  yaml: writeYaml,
} satisfies Record<DocumentFormat, (...args: Parameters<typeof writeToml>) => string>;

const cuts = fc.array(fc.record({ at: fc.nat(400), length: fc.nat(3), piece: fc.option(fc.constantFrom(...PIECES), { nil: '' }) }), {
  maxLength: 4,
});

for (const [format, write] of Object.entries(WRITERS) as [DocumentFormat, (typeof WRITERS)[DocumentFormat]][]) {
  test(`${format}: ${RUNS} broken texts are read without a crash, their faults lie inside them, and edits are safe or refused`, () => {
    fc.assert(
      fc.property(values(format !== 'toml').table, fc.integer(), cuts, (table, seed, changes) => {
        const whole = write(table, createDice(seed));
        const text = changes.reduce((left, { at, length, piece }) => left.slice(0, at) + piece + left.slice(at + length), whole);
        const { value, errors, positionOf } = parseDocument(text, format);
        for (const { position } of errors) {
          assert.ok(
            position.offset >= 0 && position.length >= 0 && position.offset + position.length <= text.length,
            JSON.stringify(position),
          );
          assert.ok(position.line >= 1 && position.column >= 1);
        }
        const mends = planEdits(text, format, mendFaults(text, format, errors));
        if ('text' in mends) assert.deepEqual(parseDocument(mends.text, format).value, value);
        const [key] = Object.keys(Object(value) as object);
        if (key === undefined || typeof value !== 'object' || Array.isArray(value)) return;
        const place = positionOf([key]);
        assert.ok(place !== null, key);
        const plan = planEdits(text, format, [{ op: 'set', path: [key], value: 'new' }]);
        if ('text' in plan) assert.deepEqual(parseDocument(plan.text, format).value, { ...(value as object), [key]: 'new' });
      }),
      { numRuns: RUNS, includeErrorInReport: true },
    );
  });
}
