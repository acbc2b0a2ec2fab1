import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nearest } from './nearest.ts';

test('the closest names come first, and strangers not at all', () => {
  const names = ['github', 'gitlab', 'filesystem', 'fetch'];
  assert.deepEqual(nearest('gihub', names), ['github']);
  assert.deepEqual(nearest('FETCH', names), ['fetch']);
  assert.deepEqual(nearest('system', names), ['filesystem']);
  assert.deepEqual(nearest('postgres', names), []);
});
