import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { copyable, escapeJson, printable } from './foreign.ts';

/** What could move the cursor, change colours, write elsewhere or turn text around. */
const DANGEROUS = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

const hostileText = fc.string({
  unit: fc.constantFrom('\u001b', '[', ']', '3', 'm', '\u009b', '\u0007', '\\', '\n', '\r', '\u202e', '\u0000', 'a', '🙂'),
});

test('printable: drops escape sequences and joins lines', () => {
  assert.equal(printable('\u001b[31mred\u001b[0m'), 'red');
  assert.equal(printable('\u009b31mred'), 'red');
  assert.equal(printable('\u001b]0;title\u0007text\u001b]8;;http://x\u001b\\link'), 'textlink');
  assert.equal(printable(' a\r\n\tb '), 'a b');
  assert.equal(printable('a\u0000b\u202ec'), 'a\\x00b\\u202ec');
  assert.equal(printable('Größe 🙂 日本'), 'Größe 🙂 日本');
});

test('copyable: keeps every character visible, also a line break that a shell would run', () => {
  assert.equal(copyable('a\nrm -rf \u001b[8m~'), 'a\\x0arm -rf \\x1b[8m~');
});

test('neither lets anything dangerous through', () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      assert.doesNotMatch(printable(text), DANGEROUS);
      assert.doesNotMatch(copyable(text), DANGEROUS);
    }),
  );
});

test('escapeJson: the same document, safe to show', () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      const json = escapeJson(JSON.stringify({ text }));
      assert.deepEqual(JSON.parse(json), { text });
      assert.doesNotMatch(json, DANGEROUS);
    }),
  );
});
