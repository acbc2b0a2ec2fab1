import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createGate } from './gate.ts';

test('a gate lets so many in, and the next when one leaves, once', async () => {
  const gate = createGate(2);
  const entered: number[] = [];
  const leave: (() => void)[] = [];
  const all = [0, 1, 2, 3].map(async (index) => {
    leave[index] = await gate.enter();
    entered.push(index);
  });
  await new Promise(setImmediate);
  assert.deepEqual(entered, [0, 1]);
  leave[0]?.();
  leave[0]?.();
  await new Promise(setImmediate);
  assert.deepEqual(entered, [0, 1, 2]);
  leave[1]?.();
  await Promise.all(all);
  assert.deepEqual(entered, [0, 1, 2, 3]);
});
