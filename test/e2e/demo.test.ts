import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mcpreach } from './program.ts';

test('the demo finds what it broke, and ends on a healthy server', async () => {
  const { code, stdout, stderr } = await mcpreach(['demo', '--fast']);
  assert.equal(stderr, '');
  assert.doesNotMatch(stdout, /expected .*, found/);
  assert.match(stdout, /\n7\/7|7\/7 {2}All is well/);
  assert.match(stdout, /found: ok\n/);
  assert.match(stdout, /(7 of 7 scenes ended with the right verdict|6 of 6 scenes ended with the right verdict, 1 left out)\./);
  assert.equal(code, 0);
});
