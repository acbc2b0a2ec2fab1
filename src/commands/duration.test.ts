import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '../model/errors.ts';
import { parseDuration } from './duration.ts';

test('parseDuration: milliseconds unless a unit is given', () => {
  const expected: readonly (readonly [string, number])[] = [
    ['500', 500],
    ['0', 0],
    ['500ms', 500],
    ['5s', 5000],
    ['1.5s', 1500],
    ['2m', 120_000],
    ['1h', 3_600_000],
    [' 5s ', 5000],
  ];
  for (const [text, ms] of expected) assert.equal(parseDuration(text, '--patience', 0), ms);
});

test('parseDuration: anything else is wrong use of the named option', () => {
  for (const text of ['', '5x', 's', '-1', '1e3', '5 s 3', 'NaN', '0x10', '25h', '999999999999999999999']) {
    assert.throws(
      () => parseDuration(text, '--timeout', 0),
      (error) => error instanceof UsageError && error.code === 'invalid-duration' && error.message.startsWith('--timeout: '),
    );
  }
  assert.throws(() => parseDuration('0', '--timeout', 1), UsageError);
});
