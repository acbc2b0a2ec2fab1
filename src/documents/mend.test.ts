import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DocumentFormat } from '../model/document.ts';
import { planEdits } from './edit.ts';
import { mendFaults } from './mend.ts';
import { parseDocument } from './parse.ts';

function mended(text: string, format: DocumentFormat): string {
  const plan = planEdits(text, format, mendFaults(text, format, parseDocument(text, format).errors));
  return 'text' in plan ? plan.text : plan.error;
}

test('comments, trailing commas and a byte order mark are taken out of strict JSON', () => {
  const text = '\uFEFF{\r\n  // servers\r\n  "a": [1, 2,], // two\r\n  /* b */ "b": { "c": 1, /* d */ },\r\n}\r\n';
  assert.equal(mended(text, 'json'), '{\r\n  "a": [1, 2],\r\n  "b": { "c": 1 }\r\n}\r\n');
});

test('single backslashes are doubled, or put in quotes that take them as they are', () => {
  assert.equal(mended('{"command": "C:\\Users\\new"}', 'json'), '{"command": "C:\\\\Users\\\\new"}');
  assert.equal(mended('[s]\ncommand = "C:\\Users\\new" # c\n', 'toml'), "[s]\ncommand = 'C:\\Users\\new' # c\n");
  assert.equal(mended('command: "C:\\Users\\Program\\new" # c\n', 'yaml'), "command: 'C:\\Users\\Program\\new' # c\n");
});

test('nothing is guessed about other faults', () => {
  const text = '{"a": 1 "b": 2}';
  assert.deepEqual(mendFaults(text, 'json', parseDocument(text, 'json').errors), []);
});
