import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '../model/errors.ts';
import { parseHeaders } from './header.ts';

test('parseHeaders: names and values, blanks around them dropped', () => {
  assert.deepEqual(parseHeaders(['Authorization: Bearer a:b', 'X-Empty:', 'x-tab:a\tb']), {
    Authorization: 'Bearer a:b',
    'X-Empty': '',
    'x-tab': 'a\tb',
  });
  assert.deepEqual(parseHeaders([]), {});
});

test('parseHeaders: bad syntax is wrong use, and no value is ever repeated', () => {
  const SECRET = 'sesame42';
  const bad: readonly (readonly [readonly string[], string])[] = [
    [[SECRET], 'invalid-header'],
    [[`: ${SECRET}`], 'invalid-header'],
    [[`${SECRET} x: y`], 'invalid-header'],
    [[`X-A: ${SECRET}\r\nX-B: c`], 'invalid-header'],
    [[`X-A: ${SECRET}\u0000`], 'invalid-header'],
    [[`X-A: ${SECRET}日`], 'invalid-header'],
    [[`Content-Length: ${SECRET}`], 'invalid-header'],
    [[`X-A: ${SECRET}`, `x-a: ${SECRET}`], 'duplicate-header'],
  ];
  for (const [lines, code] of bad) {
    assert.throws(
      () => parseHeaders(lines),
      (error) => error instanceof UsageError && error.code === code && !error.message.includes(SECRET),
    );
  }
});
