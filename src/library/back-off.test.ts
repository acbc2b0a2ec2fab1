import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { backOffMs, nextPauseMs, readRetryAfter } from './back-off.ts';

describe('back-off', () => {
  it('doubles up to a second', () => {
    assert.deepEqual(
      [1, 2, 3, 4, 5, 6, 7, 5000].map((failed) => backOffMs(failed, 0)),
      [50, 100, 200, 400, 800, 1000, 1000, 1000],
    );
  });

  it('is drawn from the upper half of each step', () => {
    assert.equal(backOffMs(3, 0.5), 150);
    assert.ok(backOffMs(3, 0.999) > 100);
  });

  it('ends with the time, and pauses no longer than what is left', () => {
    assert.equal(nextPauseMs(1, 0, null, 0), null);
    assert.equal(nextPauseMs(6, 300, null, 0), 300);
  });

  it('waits as long as the server asks, and not at all when that is too long', () => {
    assert.equal(nextPauseMs(1, 10_000, 3000, 0), 3000);
    assert.equal(nextPauseMs(1, 2000, 3000, 0), null);
  });

  it('reads both forms of Retry-After', () => {
    const today = new Date('2026-11-20T08:00:00Z');
    assert.equal(readRetryAfter('2', today), 2000);
    assert.equal(readRetryAfter('Fri, 20 Nov 2026 08:00:05 GMT', today), 5000);
    assert.equal(readRetryAfter('Fri, 20 Nov 2026 07:00:00 GMT', today), 0);
    assert.equal(readRetryAfter('soon', today), null);
    assert.equal(readRetryAfter(null, today), null);
  });
});
