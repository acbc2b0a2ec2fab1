import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createFrameReader } from './frames.ts';

function read(chunks: readonly Buffer[], longest: number) {
  const lines: string[] = [];
  const tooLong: number[] = [];
  const reader = createFrameReader(
    longest,
    (line) => lines.push(line.toString()),
    (bytes) => tooLong.push(bytes),
  );
  for (const chunk of chunks) reader.push(chunk);
  reader.end();
  return { lines, tooLong };
}

test('lines come out whole however the bytes are split', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: 'grapheme', minLength: 1 }).map((one) => `.${one.replace(/[\r\n]/g, '')}`)),
      fc.array(fc.nat(20)),
      (lines, cuts) => {
        const bytes = Buffer.from(lines.join('\n'));
        const chunks: Buffer[] = [];
        let at = 0;
        for (const cut of cuts) {
          chunks.push(bytes.subarray(at, at + cut));
          at += cut;
        }
        assert.deepEqual(read([...chunks, bytes.subarray(at)], 1_000_000), { lines, tooLong: [] });
      },
    ),
  );
});

test('blank lines are none', () => {
  assert.deepEqual(read([Buffer.from('\n \t\r\n\n{}\n\r\n')], 100).lines, ['{}']);
});

test('a line that is too long is counted, not kept, and the next is read', () => {
  const chunk = Buffer.alloc(1000, 'x');
  assert.deepEqual(read([chunk, chunk, Buffer.from('\nok\nlast')], 1500), { lines: ['ok', 'last'], tooLong: [2000] });
  assert.deepEqual(read([Buffer.from(`${'y'.repeat(20)}\nok\n`)], 10), { lines: ['ok'], tooLong: [20] });
});
