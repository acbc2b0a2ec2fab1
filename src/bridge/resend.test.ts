import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mayRepeat } from './resend.ts';

test('reading is repeated, calling a tool is not', () => {
  assert.equal(mayRepeat('tools/list', null), true);
  assert.equal(mayRepeat('resources/read', null), true);
  assert.equal(mayRepeat('tools/call', null), false);
  assert.equal(mayRepeat('sampling/createMessage', null), false);
  assert.equal(mayRepeat('vendor/do', null), false);
  assert.equal(mayRepeat('initialize', null), false);
});

test('a tool is repeated when its hints are trusted and say so', () => {
  assert.equal(mayRepeat('tools/call', { readOnlyHint: true }), true);
  assert.equal(mayRepeat('tools/call', { idempotentHint: true }), true);
  assert.equal(mayRepeat('tools/call', { readOnlyHint: 'true' }), false);
  assert.equal(mayRepeat('tools/call', {}), false);
  assert.equal(mayRepeat('vendor/do', { readOnlyHint: true }), false);
});
