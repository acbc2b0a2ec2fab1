import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DocumentErrorCode, DocumentFormat, DocumentPath } from '../model/document.ts';
import { parseDocument } from './parse.ts';

function read(text: string, format: DocumentFormat): readonly [unknown, ...(readonly [DocumentErrorCode, number, number])[]] {
  const { value, errors } = parseDocument(text, format);
  return [value, ...errors.map(({ code, position }) => [code, position.line, position.column] as const)];
}

function stretch(text: string, format: DocumentFormat, path: DocumentPath): readonly (string | null)[] | null {
  const place = parseDocument(text, format).positionOf(path);
  const cut = ({ offset, length }: { readonly offset: number; readonly length: number }): string => text.slice(offset, offset + length);
  return place && [place.key && cut(place.key), cut(place.value)];
}

test('strict JSON reads past what it does not allow, and says where it is', () => {
  const text = '\uFEFF{\r\n  // c\r\n  "a": [1,],\r\n  "a": 2\r\n}';
  assert.deepEqual(read(text, 'json'), [{ a: 2 }, ['bom', 1, 1], ['comment', 2, 3], ['trailing-comma', 3, 10], ['duplicate-key', 4, 3]]);
  assert.deepEqual(read(text, 'jsonc'), [{ a: 2 }, ['duplicate-key', 4, 3]]);
});

test('broken JSON yields what can be made out', () => {
  assert.deepEqual(read('{"a": {"b": 1 "c": 2}, "d": [1', 'json'), [
    { a: { b: 1, c: 2 }, d: [1] },
    ['syntax', 1, 15],
    ['syntax', 1, 31],
    ['syntax', 1, 31],
  ]);
  assert.deepEqual(read('', 'json'), [undefined, ['syntax', 1, 1]]);
});

test('single backslashes are read as they were meant', () => {
  assert.deepEqual(read('{"a": "C:\\Users\\new"}', 'json'), [{ a: 'C:\\Users\\new' }, ['bad-escape', 1, 10]]);
  assert.deepEqual(read('{"a": "C:\\temp"}', 'json'), [{ a: 'C:\temp' }]);
  assert.deepEqual(read('a = "C:\\Users\\new"\nb = 1', 'toml'), [{ a: 'C:\\Users\\new', b: 1 }, ['bad-escape', 1, 8]]);
  assert.deepEqual(read('a: "C:\\Users\\new"\nb: 1', 'yaml'), [{ a: 'C:\\Users\\new', b: 1 }, ['bad-escape', 1, 7]]);
});

test('JSON5 and TOML are read up to the first fault', () => {
  assert.deepEqual(read("{a: 'x', b: {c: [1, 2 d: 3}", 'json5'), [{ a: 'x', b: { c: [1, 2] } }, ['syntax', 1, 23]]);
  assert.deepEqual(read('[s.x]\nc = 1\n[s.x]\nd = 2', 'toml'), [{ s: { x: { c: 1 } } }, ['duplicate-key', 3, 4]]);
  assert.deepEqual(read('a = 1\nb = [1,\n[c]\n', 'toml'), [{ a: 1 }, ['syntax', 3, 2]]);
});

test('YAML tells tabs and duplicate keys from other faults, and follows aliases and merges', () => {
  assert.deepEqual(read('a:\n\tb: 1\n', 'yaml').slice(1), [['tab-indent', 2, 1]]);
  assert.deepEqual(read('a: 1\na: 2\n', 'yaml'), [{ a: 2 }, ['duplicate-key', 2, 1]]);
  assert.deepEqual(read('a: &x {p: 1, q: 1}\nb:\n  <<: *x\n  q: 2\nc: *x\n', 'yaml'), [
    { a: { p: 1, q: 1 }, b: { p: 1, q: 2 }, c: { p: 1, q: 1 } },
  ]);
  assert.deepEqual(read('a: *x\n', 'yaml').slice(1), [['syntax', 1, 4]]);
});

test('keys and values are found in every format', () => {
  const path = ['s', 'x', 'args', 1];
  assert.deepEqual(stretch('{"s": {"x": {"args": ["a", "b"]}}}', 'json', path), [null, '"b"']);
  assert.deepEqual(stretch("{s: {'x': {args: ['a', 'b',]}}}", 'json5', ['s', 'x']), ["'x'", "{args: ['a', 'b',]}"]);
  assert.deepEqual(stretch('[s.x]\nargs = ["a", "b"]\n', 'toml', path), [null, '"b"']);
  assert.deepEqual(stretch('[s.x]\nargs = ["a", "b"]\n', 'toml', ['s', 'x']), ['x', '[s.x]']);
  assert.deepEqual(stretch('s:\n  x: # c\n    args: [a, b]\n\ny: 1\n', 'yaml', ['s', 'x']), ['x', 'args: [a, b]']);
  assert.equal(stretch('{"a": 1}', 'json', ['b']), null);
});

test('lines end with any line end, and a byte order mark takes no column', () => {
  const { key } = parseDocument('\uFEFF{"a":\r1,\r\n"b":\n2}', 'jsonc').positionOf(['b']) ?? {};
  assert.deepEqual(key, { line: 3, column: 1, offset: 11, length: 3 });
  assert.equal(parseDocument('\uFEFF{"a":1}', 'jsonc').positionOf(['a'])?.key?.column, 2);
});

test('keys of objects never reach prototypes', () => {
  for (const [text, format] of [
    ['{"__proto__": {"x": 1}}', 'json'],
    ['{"__proto__": {"x": 1}}', 'json5'],
    ['__proto__ = { x = 1 }', 'toml'],
    ['__proto__: {x: 1}', 'yaml'],
  ] as const) {
    const { value } = parseDocument(text, format);
    assert.deepEqual(Object.keys(value as object), ['__proto__'], format);
    assert.equal(({} as Record<string, unknown>)['x'], undefined);
  }
});

test('texts made to exhaust their reader are refused', () => {
  const deep = '['.repeat(50_000) + ']'.repeat(50_000);
  const layers = Array.from({ length: 40 }, (_, index) => `l${index + 1}: &l${index + 1} [*l${index}, *l${index}]`).join('\n');
  for (const [text, format] of [
    [deep, 'json'],
    [deep, 'json5'],
    [`a = ${deep}`, 'toml'],
    [deep, 'yaml'],
    ['- '.repeat(50_000), 'yaml'],
    [`l0: &l0 x\n${layers}`, 'yaml'],
    ['a: &a [*a]', 'yaml'],
  ] as const) {
    assert.deepEqual(read(text, format), [undefined, ['syntax', 1, 1]], format);
  }
});
