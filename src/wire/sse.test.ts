import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { createEventReader } from './sse.ts';

function readAll(...pieces: readonly (string | Buffer)[]) {
  const reader = createEventReader();
  return pieces.flatMap((piece) => reader.feed(Buffer.from(piece))).map((one) => ({ ...one, data: one.data.toString() }));
}

/** Pieces of event streams, the awkward ones included. */
const streamText = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '\n',
        '\r',
        '\r\n',
        '\n\n',
        'data: a',
        'data:',
        'data',
        'data:  b',
        'event: endpoint',
        ': ping',
        'id: 7',
        'id: \0',
        'retry: 10',
        'retry: x',
        '\uFEFF',
        ':',
      ),
      fc.string({ maxLength: 6 }),
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(''));

describe('the event reader', () => {
  it('gives the same events wherever the stream is split', () => {
    fc.assert(
      fc.property(streamText, fc.array(fc.nat(), { maxLength: 12 }), (text, cuts) => {
        const bytes = Buffer.from(text);
        const at = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
        const pieces = at.slice(1).map((end, index) => bytes.subarray(at[index], end));
        assert.deepEqual(readAll(...pieces), readAll(text));
      }),
    );
  });

  it('gives the same events whatever the line ends are', () => {
    const lines = fc.array(fc.constantFrom('data: a', 'data: b', 'event: x', 'id: 1', ': c', ''), { maxLength: 30 });
    fc.assert(
      fc.property(lines, fc.constantFrom('\r', '\r\n'), (all, end) => {
        assert.deepEqual(readAll(all.map((line) => line + end).join('')), readAll(all.map((line) => `${line}\n`).join('')));
      }),
    );
  });

  it('dispatches at a lone CR, without waiting for more', () => {
    assert.equal(readAll('data: now\r\r').length, 1);
  });

  it('joins data lines and drops one space after the colon', () => {
    assert.deepEqual(readAll('data: a\ndata:b\ndata:  c\n\n'), [{ event: 'message', data: 'a\nb\n c', id: null, retry: null }]);
  });

  it('dispatches nothing without a data line, but an empty one counts', () => {
    assert.deepEqual(readAll('event: endpoint\n\n'), []);
    assert.deepEqual(readAll('id: 1\ndata\n\n'), [{ event: 'message', data: '', id: '1', retry: null }]);
  });

  it('keeps the id, forgets event and retry, skips comments and what it does not know', () => {
    const [first, second] = readAll(': hello\nid: 5\nevent: endpoint\nretry: 300\nfoo: bar\ndata: /m\n\ndata: x\n\n');
    assert.deepEqual(first, { event: 'endpoint', data: '/m', id: '5', retry: 300 });
    assert.deepEqual(second, { event: 'message', data: 'x', id: '5', retry: null });
  });

  it('skips a byte order mark at the beginning only', () => {
    assert.equal(readAll('\uFEFFdata: a\n\n')[0]?.data, 'a');
    assert.deepEqual(readAll('data: a\n\n\uFEFFdata: b\n\n').length, 1);
  });

  it('keeps an unfinished event to itself', () => {
    assert.deepEqual(readAll('data: half\n'), []);
  });

  it('reads a line of several megabytes in many pieces without reading it again and again', () => {
    const piece = Buffer.alloc(1000, 'x');
    const reader = createEventReader();
    reader.feed(Buffer.from('data: '));
    for (let count = 0; count < 4000; count++) reader.feed(piece);
    assert.equal(reader.feed(Buffer.from('\n\n'))[0]?.data.length, 4_000_000);
  });
});
