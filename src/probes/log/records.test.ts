import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordsOf } from './records.ts';

const NOW = Date.parse('2026-11-28T12:30:00Z');

function texts(text: string, isCut = false): readonly string[] {
  return recordsOf(text, isCut, NOW).map((record) => record.text);
}

test('line ends of every kind, blank lines, colours and other terminal codes', () => {
  assert.deepEqual(texts('a\r\nb\rc\n\n  \n\u001b[31md\u001b[0m\u001b]0;title\u0007e\u0000\n'), ['a', 'b', 'c', 'de']);
});

test('a part of a file begins in the middle of a line, which is left out', () => {
  assert.deepEqual(texts('half a line\n2026-11-28 10:00:00 whole', true), ['whole']);
});

test('a line without a time belongs to the entry above it', () => {
  const records = recordsOf('2026-11-28T10:00:00Z Error: x\n    at y\nnpm error z', false, NOW);
  assert.deepEqual(
    records.map(({ continues, at }) => [continues, at]),
    [false, true, true].map((continues) => [continues, Date.parse('2026-11-28T10:00:00Z')]),
  );
});

test('in a log without times only what is indented belongs to the entry above', () => {
  assert.deepEqual(
    recordsOf('one\n  two\nthree', false, NOW).map(({ continues }) => continues),
    [false, true, false],
  );
});

test('a JSON line gives its words, its time and the servers it names', () => {
  const line =
    '{"time":"2026-11-28T10:00:00Z","level":"ERROR","msg":"MCP client failed","name":"mini","error":{"code":"ENOENT","message":"spawn x"}}';
  assert.deepEqual(recordsOf(line, false, NOW), [
    { at: Date.parse('2026-11-28T10:00:00Z'), text: 'ERROR MCP client failed ENOENT spawn x', servers: ['mini'], continues: false },
  ]);
});

test('an output within a JSON line is looked at line by line', () => {
  assert.deepEqual(texts('{"error":"Server stderr: Traceback:\\n  File x\\nKeyError: y\\n"}'), [
    'Server stderr: Traceback:',
    'File x',
    'KeyError: y',
  ]);
});

test('a list of objects that was written with indentation, its beginning cut off', () => {
  const cut = 'ebug": "a"\n  },\n  {\n    "debug": "b {",\n    "timestamp": "2026-11-28T10:00:00Z"\n  },\n  {\n    "debug": "c"\n  }\n]';
  assert.deepEqual(
    texts(cut, true).filter((text) => /^[a-z]/.test(text)),
    ['b {', 'c'],
  );
});

test('broken JSON is a line like any other', () => {
  assert.deepEqual(texts('{"error": "spawn npx ENOENT"'), ['{"error": "spawn npx ENOENT"']);
});

test('very long lines are cut', () => {
  assert.ok((texts('x'.repeat(300_000))[0]?.length ?? 0) <= 2000);
});
