import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backoffMs, CONNECT_BACKOFF, START_BACKOFF } from './backoff.ts';

test('the first attempt is made at once, later ones grow up to a limit and never stop', () => {
  for (const plan of [CONNECT_BACKOFF, START_BACKOFF]) {
    assert.equal(backoffMs(plan, 0, 1), 0);
    assert.equal(backoffMs(plan, 1, 1), plan.firstMs);
    assert.equal(backoffMs(plan, 2, 1), plan.firstMs * plan.factor);
    assert.equal(backoffMs(plan, 100_000, 1), plan.mostMs);
  }
});

test('waits are spread over their upper half', () => {
  assert.equal(backoffMs(START_BACKOFF, 1, 0), START_BACKOFF.firstMs / 2);
  assert.equal(backoffMs(START_BACKOFF, 1, 0.5), START_BACKOFF.firstMs * 0.75);
});
