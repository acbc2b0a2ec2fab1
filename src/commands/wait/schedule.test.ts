import assert from 'node:assert/strict';
import { test } from 'node:test';
import { besideMs, delayAfter, isTerminal, type Moment, STEADY_MS } from './schedule.ts';

const CLOSED = { kind: 'closed', what: '' } as const;
const BUSY = { kind: 'busy', what: '', retryAfterMs: null } as const;
const WRONG = { kind: 'wrong', what: '' } as const;

const BASE: Moment = {
  seen: CLOSED,
  elapsedMs: 0,
  steadyMs: 0,
  intervalMs: null,
  local: true,
  addresses: 1,
  hasCompany: false,
  random: 0.5,
};

const DELAYS: readonly (readonly [string, Partial<Moment>, number])[] = [
  ['dense at first', {}, 5],
  ['sparser later', { elapsedMs: 5_000 }, 30],
  ['sparse in the long run', { elapsedMs: 61_000 }, 75],
  ['other machines are dialled seldom', { local: false }, 100],
  ['and more seldom later', { local: false, elapsedMs: 61_000 }, 1_000],
  ['several addresses share what one may cost', { addresses: 4 }, 20],
  ['the user decides', { intervalMs: 42, elapsedMs: 61_000, addresses: 9 }, 42],
  ['an answer costs more than a refusal', { seen: BUSY }, 25],
  ['a steady answer is asked for seldom', { seen: BUSY, steadyMs: 60_000 }, 500],
  ["the server's word counts", { seen: { ...BUSY, retryAfterMs: 2_000 } }, 2_000],
  ['but not for minutes', { seen: { ...BUSY, retryAfterMs: 600_000 } }, 10_000],
  ['and not for less than we would wait', { seen: { ...BUSY, retryAfterMs: 0 } }, 25],
  ['something else', { seen: WRONG }, 250],
  ['no steps in time with others', { hasCompany: true, random: 0 }, 3.75],
];

for (const [title, more, ms] of DELAYS) {
  test(`pause: ${title}`, () => assert.equal(delayAfter({ ...BASE, ...more }), ms));
}

test('a refused address of this machine costs at most four in a hundred of one core', () => {
  // Measured: a refused connection takes up to half a millisecond of a slow processor.
  let dialled = 0;
  for (let elapsedMs = 0; elapsedMs < 10_000; elapsedMs += delayAfter({ ...BASE, elapsedMs })) dialled += 1;
  assert.ok(dialled <= 800, `${dialled} connections in 10 s`);
});

test('unanswered looks get others beside them, ever more slowly', () => {
  assert.deepEqual([1, 2, 3].map(besideMs), [500, 1_000, 2_000]);
});

test('what ends a wait', () => {
  assert.ok(isTerminal({ seen: { kind: 'denied', what: '' }, steadyMs: 0 }));
  assert.ok(isTerminal({ seen: WRONG, steadyMs: STEADY_MS }));
  assert.ok(!isTerminal({ seen: WRONG, steadyMs: STEADY_MS - 1 }));
  for (const seen of [CLOSED, BUSY, { kind: 'failing', what: '' }, { kind: 'silent', what: '' }] as const) {
    assert.ok(!isTerminal({ seen, steadyMs: 1e9 }), seen.kind);
  }
});
