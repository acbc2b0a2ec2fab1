import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createLineReader } from './lines.ts';

function read(chunks: readonly Uint8Array[], longest: number) {
  const lines: string[] = [];
  const tooLong: number[] = [];
  const reader = createLineReader({ longest, onLine: (line) => lines.push(line), onTooLong: (_, bytes) => tooLong.push(bytes) });
  for (const chunk of chunks) reader.push(chunk);
  reader.end();
  return { lines, tooLong };
}

test('lines come out whole however the bytes are split', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme' }).map((one) => one.replace(/[\r\n]/g, ''))), fc.array(fc.nat(40)), (lines, cuts) => {
      const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
      const chunks: Buffer[] = [];
      let at = 0;
      for (const cut of cuts) {
        chunks.push(bytes.subarray(at, at + cut));
        at += cut;
      }
      chunks.push(bytes.subarray(at));
      assert.deepEqual(read(chunks, 1_000_000), { lines, tooLong: [] });
    }),
  );
});

test('a line that is too long is counted, not kept, and the next is read', () => {
  const chunk = Buffer.alloc(1000, 'x');
  const result = read([chunk, chunk, chunk, Buffer.from('\r\nok\r\nlast')], 1500);
  assert.deepEqual(result, { lines: ['ok', 'last'], tooLong: [3001] });
});
