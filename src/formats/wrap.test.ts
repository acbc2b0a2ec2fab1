import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { lengthOf, pad, wrap } from './wrap.ts';

test('wrap: breaks at blanks, and keeps URLs, quoted commands and quantities whole', () => {
  assert.deepEqual(wrap('one two three', 7), ['one two', 'three']);
  assert.deepEqual(wrap('see http://localhost:3000/a/very/long/path now', 10), ['see', 'http://localhost:3000/a/very/long/path', 'now']);
  assert.deepEqual(wrap('run `npm run start --port 3000` first', 12), ['run', '`npm run start --port 3000`', 'first']);
  assert.deepEqual(wrap('it took 11 ms', 12), ['it took', '11 ms']);
  assert.deepEqual(wrap('', 10), ['']);
});

test('wrap: loses nothing, and only a single long word exceeds the width', () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[a-z:/.]{1,30}$/)), fc.integer({ min: 1, max: 40 }), (words, width) => {
      const lines = wrap(words.join(' '), width);
      assert.equal(lines.join(' '), words.join(' '));
      for (const line of lines) assert.ok(lengthOf(line) <= width || !line.includes(' '));
    }),
  );
});

test('pad: counts code points and never cuts', () => {
  assert.equal(pad('✓🙂', 4), '✓🙂  ');
  assert.equal(pad('long', 2), 'long');
});
