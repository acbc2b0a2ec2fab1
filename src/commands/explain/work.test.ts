import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CLIENT_WORDS } from '../../facts/signatures/client-words.ts';
import { TRANSLATED } from '../../facts/signatures/errno-translated.ts';
import { ERRNO_WORDS } from '../../facts/signatures/errno-words.ts';
import { SIGNATURES } from '../../facts/signatures/index.ts';
import { RUNTIME_WORDS } from '../../facts/signatures/runtime-words.ts';
import { explain } from '../explain.ts';
import { clean } from './clean.ts';
import { LONGEST_LINE, LONGEST_TEXT } from './limits.ts';

const PATTERNS: readonly RegExp[] = [
  ...SIGNATURES.flatMap(({ pattern, and, not }) => [pattern, and, not]).filter((one) => one !== undefined),
  ...[...ERRNO_WORDS, ...TRANSLATED].map(({ wording }) => wording),
  ...[...CLIENT_WORDS, ...RUNTIME_WORDS].map(({ pattern }) => pattern),
];

/** How many characters are searched while something runs, and in how many searches: the same on every machine, unlike a clock. */
function searched(run: () => unknown): { readonly characters: number; readonly searches: number } {
  const original = RegExp.prototype.exec;
  let characters = 0;
  let searches = 0;
  RegExp.prototype.exec = function exec(this: RegExp, text: string): RegExpExecArray | null {
    // A sticky search looks at one place only: so split() does, place by place.
    characters += this.sticky ? 1 : text.length - (this.global ? this.lastIndex : 0);
    searches++;
    return original.call(this, text);
  };
  try {
    run();
  } finally {
    RegExp.prototype.exec = original;
  }
  return { characters, searches };
}

/** Texts of the kinds that logs are made of: words that signatures look for, junk, and lines without an end. */
const pieces = fc.oneof(
  fc.constantFrom(
    'connect ECONNREFUSED ',
    'https://',
    '127.0.0.1:3000 ',
    '\n',
    '\u001B[31m',
    '\u0000',
    'spawn ',
    'HTTP/1.1 ',
    '[Errno ',
    'resolve ',
    'host=',
    '"',
    'ﬀ',
    '💥',
    'Unexpected token ',
    'aaaaaaaaaaaaaaaa',
    '::::::::',
    'ECONNECONNECONN',
    '1.1.1.1.1.1.1.1',
    'not not not ',
  ),
  fc.string({ maxLength: 40, unit: 'binary' }),
);
const hundredKilobytes = fc.array(pieces, { minLength: 1, maxLength: 60 }).map((some) => {
  const block = some.join('') || 'x';
  return block.repeat(Math.ceil(LONGEST_TEXT / block.length)).slice(0, LONGEST_TEXT);
});

test('whatever 100 KB hold, explain answers, with a bounded number of searches', () => {
  fc.assert(
    fc.property(hundredKilobytes, (text) => {
      let answer: ReturnType<typeof explain> | undefined;
      const { characters } = searched(() => (answer = explain({ text })));
      assert.ok(answer !== undefined && answer.candidates.length >= 1);
      // Each pattern reads the text once; places where something is found many times are read on from there.
      assert.ok(characters < 40 * PATTERNS.length * LONGEST_TEXT, `${characters} characters were searched`);
    }),
    { numRuns: 4 },
  );
});

test('no pattern repeats anything without a limit: what it looks at from one place is bounded, so that its work is linear', () => {
  for (const { source } of PATTERNS) {
    // In a class and behind a backslash both are characters.
    const bare = source.replace(/\\./g, '').replace(/\[[^\]]*\]/g, '');
    assert.doesNotMatch(bare, /[*+]|\{\d+,\}/, source);
  }
});

test('only the end of a text and the beginning of its lines are looked at', () => {
  const long = `${'x'.repeat(LONGEST_LINE)} connect ECONNREFUSED 127.0.0.1:1`;
  assert.equal(explain({ text: long }).read.errno, null);
  const late = `connect ECONNRESET 127.0.0.1:1\n${'filler\nother\n'.repeat(LONGEST_TEXT / 10)}connect ECONNREFUSED 127.0.0.1:3000`;
  assert.equal(explain({ text: late }).read.errno, 'ECONNREFUSED');
});

test('colours, carriage returns, marks and control characters do not hide what is between them', () => {
  const painted =
    '\uFEFF\u001B[1m\u001B[31mError:\u001B[39m connect \u001B[4mECONN\u001B[0mREFUSED 127.0.0.1:3000\u001B[K\r\n\u0000next\r\n';
  assert.equal(clean(painted), 'Error: connect ECONNREFUSED 127.0.0.1:3000\nnext\n');
  assert.equal(clean('\u001B]8;;https://example.test\u0007link\u001B]8;;\u0007'), 'link');
  const { errno, port } = explain({ text: painted }).read;
  assert.deepEqual([errno, port], ['ECONNREFUSED', 3000]);
});

test('a line that a log repeats is read once', () => {
  assert.equal(clean('retrying\nretrying\nretrying\n\n\nfailed\n'), 'retrying\n\nfailed\n');
});
