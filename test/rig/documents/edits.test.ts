import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import JSON5 from 'json5';
import { parse as parseToml } from 'smol-toml';
import { parse as parseYaml } from 'yaml';
import { planEdits } from '../../../src/documents/edit.ts';
import { mendFaults } from '../../../src/documents/mend.ts';
import { parseDocument } from '../../../src/documents/parse.ts';
import type { DocumentEdit, DocumentFormat, DocumentPath } from '../../../src/model/document.ts';
import { createDice, type Dice, isTable, name, type Table, type Value, values } from './random.ts';
import { writeJson, writeToml, writeYaml } from './write.ts';

const RUNS = Number(process.env['MCPREACH_RUNS'] ?? 2000);

interface Format {
  readonly write: (table: Table, dice: Dice) => string;
  /** A reader that our own code does not use, where there is one. */
  readonly read: (text: string) => unknown;
  readonly bom: boolean;
}

const FORMATS: Readonly<Record<DocumentFormat, Format>> = {
  json: { write: (table, dice) => writeJson(table, dice, 'json'), read: (text) => JSON.parse(text) as unknown, bom: false },
  jsonc: { write: (table, dice) => writeJson(table, dice, 'jsonc'), read: (text) => JSON5.parse(text), bom: true },
  json5: { write: (table, dice) => writeJson(table, dice, 'json5'), read: (text) => JSON5.parse(text), bom: true },
  toml: { write: writeToml, read: (text) => parseToml(text.replace(/^\uFEFF/, '')), bom: true },
  yaml: { write: writeYaml, read: (text) => parseYaml(text, { logLevel: 'error' }) as unknown, bom: true },
};

/** Prototypes aside, which readers choose differently. */
function plain(value: unknown): unknown {
  return value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown);
}

function pathsOf(value: Value, path: DocumentPath = []): readonly DocumentPath[] {
  if (typeof value !== 'object' || value === null) return [path];
  const entries: readonly (readonly [string | number, Value])[] = isTable(value)
    ? Object.entries(value)
    : value.map((item, index) => [index, item]);
  return [path, ...entries.flatMap(([key, inner]) => pathsOf(inner, [...path, key]))];
}

function at(value: Value, path: DocumentPath): Value {
  return path.reduce<Value>((inner, key) => (inner as Record<string | number, Value>)[key] as Value, value);
}

type ValueEdit = Exclude<DocumentEdit, { op: 'replace-text' }>;

/** The plainest way to say what an edit means. */
function edited(table: Table, edit: ValueEdit): unknown {
  const copy = structuredClone(table) as Record<string, unknown>;
  const key = edit.path.at(-1) as string;
  const parent = at(copy as Table, edit.path.slice(0, -1)) as Record<string, unknown> | unknown[];
  if (edit.op === 'delete' && Array.isArray(parent)) parent.splice(Number(key), 1);
  else if (edit.op === 'delete') delete (parent as Record<string, unknown>)[key];
  else if (edit.op === 'insert' && Array.isArray(parent)) parent.splice(Number(key), 0, edit.value);
  else if (edit.op === 'rename-key') {
    const object = parent as Record<string, unknown>;
    object[edit.value] = object[key];
    delete object[key];
  } else (parent as Record<string, unknown>)[key] = edit.value;
  return copy;
}

/** One edit that fits a table, or null. */
function chooseEdit(table: Table, value: Value, newName: string, dice: Dice): ValueEdit | null {
  const paths = pathsOf(table);
  const below = paths.filter((path) => path.length > 0);
  const op = dice.pick(['set', 'insert', 'insert', 'delete', 'rename-key'] as const);
  if (op === 'insert') {
    const path = dice.pick(paths);
    const parent = at(table, path);
    if (isTable(parent)) return Object.hasOwn(parent, newName) ? null : { op, path: [...path, newName], value };
    return Array.isArray(parent) ? { op, path: [...path, dice.pick([...parent.keys(), parent.length])], value } : null;
  }
  if (below.length === 0) return null;
  const path = dice.pick(below);
  if (op === 'set') return { op, path, value };
  if (op === 'delete') return { op, path };
  const parent = at(table, path.slice(0, -1));
  return isTable(parent) && !Object.hasOwn(parent, newName) ? { op, path, value: newName } : null;
}

const bare = (text: string): string => text.replace(/[\s,]/g, '');

/** That nothing but the edited place changed; `null` when all is well. */
function strayChange(format: DocumentFormat, before: string, after: string, edit: ValueEdit, table: Table): string | null {
  if (/\r\n/.test(before) && /[^\r]\n/.test(after)) return 'a line end of another kind';
  if (before.startsWith('\uFEFF') !== after.startsWith('\uFEFF')) return 'the byte order mark';
  const place = parseDocument(before, format).positionOf(edit.op === 'insert' ? edit.path.slice(0, -1) : edit.path);
  if (place === null) return 'no position';
  const { key, value } = place;
  const start = (key ?? value).offset;
  const end = value.offset + value.length;
  // TOML writes one table, and arrays of tables, in many places.
  const target = at(table, edit.op === 'insert' ? [] : edit.path);
  if (format === 'toml' && edit.op !== 'insert' && (isTable(target) || (Array.isArray(target) && target.some(isTable)))) return null;
  switch (edit.op) {
    case 'set': {
      // YAML's blocks may stand below comments, which stay when a short value moves up.
      const head = before.slice(0, value.offset).replace(format === 'yaml' ? /(?:\s*# note [^\n]*)*\s*$/ : /\s*$/, '');
      const tail = before.slice(end).trim();
      // An item added at the end of the value goes below the comment on the last one's line.
      const [comment = ''] = /^(?:#|\/\/).*/.exec(tail) ?? [];
      const same =
        after.trimEnd().endsWith(tail) || (after.includes(comment) && after.trimEnd().endsWith(tail.slice(comment.length).trim()));
      return after.startsWith(head) && same ? null : 'text outside of the value';
    }
    case 'rename-key':
      if (key === null) return 'no key';
      if (format === 'toml') return null;
      return after.startsWith(before.slice(0, key.offset)) && after.endsWith(before.slice(key.offset + key.length))
        ? null
        : 'text outside of the key';
    case 'delete': {
      const alone = Object.keys(at(table, edit.path.slice(0, -1)) as object).length === 1;
      if (alone) return null;
      // What belongs to an item and stands before its key or value: a dash, or the first names of a dotted key.
      const lead = { yaml: key === null ? /-\s*(?:#[^\n]*\s*)*$/ : /$/, toml: /[^\n={,]*\.\s*$/ };
      const dash = format === 'yaml' || format === 'toml' ? lead[format] : /$/;
      const left = bare(before.slice(0, start).replace(dash, '')) + bare(before.slice(end));
      return left === bare(after) ? null : 'text outside of the deleted item';
    }
    case 'insert': {
      let head = 0;
      while (head < before.length && before[head] === after[head]) head += 1;
      let tail = 0;
      while (tail < before.length - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1;
      const old = before.slice(head, before.length - tail).trim();
      return after.slice(head, after.length - tail).includes(old) ? null : 'text before or after the inserted item';
    }
  }
}

for (const [format, { write, read, bom }] of Object.entries(FORMATS) as [DocumentFormat, Format][]) {
  test(`${format}: ${RUNS} random texts and edits read back as exactly the edit, all else untouched`, () => {
    const { table: tables, value: newValue } = values(format !== 'toml');
    const refused: string[] = [];
    let tried = 0;
    fc.assert(
      fc.property(tables, newValue, name, fc.integer(), (table, value, newName, seed) => {
        const dice = createDice(seed);
        const written = write(table, dice);
        const lines = dice.once(3) ? written.replaceAll('\n', '\r\n') : written;
        const text = bom && dice.once(5) ? `\uFEFF${lines}` : lines;
        if (format === 'toml' || format === 'yaml') fc.pre(text === written || !/"""|'''|\|-/.test(text));
        assert.deepEqual(plain(read(text)), plain(table), 'the text does not say what it should');
        const parsed = parseDocument(text, format);
        assert.deepEqual(parsed.errors, []);
        assert.deepEqual(plain(parsed.value), plain(table));
        const edit = chooseEdit(table, value, newName, dice);
        fc.pre(edit !== null);
        if (edit === null) return;
        tried += 1;
        const plan = planEdits(text, format, [edit]);
        if ('error' in plan) {
          refused.push(`${plan.error}: ${JSON.stringify(edit)} in ${JSON.stringify(text)}`);
          return;
        }
        assert.deepEqual(plain(read(plan.text)), plain(edited(table, edit)), plan.text);
        assert.equal(strayChange(format, text, plan.text, edit, table), null, `${JSON.stringify(edit)}\n${text}\n--->\n${plan.text}`);
      }),
      { numRuns: RUNS, includeErrorInReport: true },
    );
    if (process.env['MCPREACH_SHOW'] !== undefined)
      console.log(
        format,
        tried,
        refused.length,
        refused
          .sort((a, b) => a.length - b.length)
          .slice(0, Number(process.env['MCPREACH_SHOW']))
          .join('\n'),
      );
    // An edit may be refused, but that must stay rare.
    assert.ok(refused.length <= tried * 0.03, `${refused.length} of ${tried} edits were refused, such as ${refused[0]}`);
  });
}

test(`json: comments and commas of ${RUNS} random texts are mended, and no value changes`, () => {
  fc.assert(
    fc.property(values(true).table, fc.integer(), (table, seed) => {
      const dice = createDice(seed);
      const text = (dice.once(3) ? '\uFEFF' : '') + writeJson(table, dice, 'jsonc');
      const plan = planEdits(text, 'json', mendFaults(text, 'json', parseDocument(text, 'json').errors));
      assert.ok('text' in plan, text);
      assert.deepEqual(plain(JSON.parse(plan.text)), plain(table));
      const kept = (given: string): string => bare(given.replace(/\/\/ note.*|\/\* note.*?\*\//g, ''));
      assert.equal(kept(plan.text), kept(text.replace('\uFEFF', '')));
    }),
    { numRuns: RUNS, includeErrorInReport: true },
  );
});

test(`${RUNS} pairs of random objects: setting one over the other reads back as it, in every format`, () => {
  fc.assert(
    fc.property(
      values(false).table,
      values(false).table,
      fc.constantFrom(...(Object.keys(FORMATS) as DocumentFormat[])),
      fc.integer(),
      (before, after, format, seed) => {
        const { write, read } = FORMATS[format];
        const text = write({ servers: { one: before } }, createDice(seed));
        const plan = planEdits(text, format, [{ op: 'set', path: ['servers', 'one'], value: after }]);
        // Arrays of tables are not made longer or shorter.
        fc.pre('text' in plan || format !== 'toml');
        assert.ok('text' in plan, text);
        assert.deepEqual(plain(read(plan.text)), plain({ servers: { one: after } }), `${text}\n--->\n${plan.text}`);
      },
    ),
    { numRuns: RUNS, includeErrorInReport: true },
  );
});
