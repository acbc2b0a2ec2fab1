import assert from 'node:assert/strict';
import fc from 'fast-check';
import { it } from 'node:test';
import { createTail } from './tail.ts';

const SIZE = { lines: 3, lineLength: 10 };

function linesOf(chunks: readonly Uint8Array[]): readonly string[] {
  const tail = createTail(SIZE);
  for (const chunk of chunks) tail.push(chunk);
  tail.end();
  return tail.lines();
}

it('keeps the last lines, also one without a line break', () => {
  assert.deepEqual(linesOf([Buffer.from('a\nb\r\n\nc\nd')]), ['b', 'c', 'd']);
});

it('shows what waits for its line break', () => {
  const tail = createTail(SIZE);
  tail.push(Buffer.from('a\nPassword: '));
  assert.deepEqual(tail.lines(), ['a', 'Password:']);
});

it('drops colours, redrawn progress and what is too long', () => {
  assert.deepEqual(linesOf([Buffer.from('\u001b[31mred\u001b[0m\n10 %\r20 %\n0123456789abc\n')]), ['red', '20 %', '0123456789']);
});

it('gives whole lines to the listener, uncut', () => {
  const heard: string[] = [];
  const tail = createTail({ ...SIZE, onLine: (line) => heard.push(line) });
  tail.push(Buffer.from('{"jsonrpc":"2.0"'));
  tail.push(Buffer.from(',"id":1}\n'));
  assert.deepEqual(heard, ['{"jsonrpc":"2.0","id":1}']);
});

it('is bounded for endless lines', () => {
  const tail = createTail(SIZE);
  for (let round = 0; round < 40; round += 1) tail.push(Buffer.alloc(100_000, 'x'));
  assert.ok(tail.lines().every((line) => line.length <= SIZE.lineLength));
});

it('does not depend on where the bytes were split, whatever they are', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 8 }), (chunks) => {
      assert.deepEqual(linesOf(chunks), linesOf([Buffer.concat(chunks)]));
    }),
  );
});
