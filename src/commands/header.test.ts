import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '../model/errors.ts';
import { headersFromVariables, parseHeaders } from './header.ts';

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

test('headersFromVariables: the value comes from the variable, and is never repeated', () => {
  assert.deepEqual(headersFromVariables(['Authorization=TOKEN'], { TOKEN: 'Bearer a=b' }), { Authorization: 'Bearer a=b' });
  for (const [word, code] of [
    ['Authorization', 'invalid-header'],
    ['Authorization=Bearer sesame42', 'invalid-header'],
    ['Authorization=NOT_SET', 'unset-variable'],
    ['Host=TOKEN', 'invalid-header'],
  ] as const) {
    assert.throws(
      () => headersFromVariables([word], { TOKEN: 'sesame42' }),
      (error) => error instanceof UsageError && error.code === code && !error.message.includes('sesame42'),
    );
  }
});
