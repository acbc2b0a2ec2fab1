import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mcpreach } from './program.ts';

test('the demo finds what it broke, and ends on a healthy server', async () => {
  const { code, stdout, stderr } = await mcpreach(['demo', '--fast']);
  assert.equal(stderr, '');
  assert.doesNotMatch(stdout, /expected .*, found/);
  assert.match(stdout, /\n7\/7|7\/7 {2}All is well/);
  assert.match(stdout, /found: ok\n/);
  assert.match(stdout, /\n\d of 7 scenes ended with the right verdict/);
  // Other MCP servers of this machine may disturb scenes in which ours is missing, but not those in which it answers.
  for (const verdict of ['startup-race', 'wrong-scheme', 'ok']) assert.match(stdout, new RegExp(`found: ${verdict}\n`));
  assert.equal(code, 0);
});
