import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Connection, type ConnectionEvent, START, step } from './connection.ts';
import type { LinkFailure } from './links/link.ts';

const PLAN = { firstMs: 100, mostMs: 1000, factor: 2 };
const WHY: LinkFailure = { kind: 'unreachable', code: 'ECONNREFUSED', status: null, detail: 'refused', retryAfterMs: null, lastLines: [] };

/** States and effects of a whole story, each in a word. */
function story(...events: readonly ConnectionEvent[]): readonly string[] {
  let state: Connection = START;
  return events.map((event) => {
    const [next, effects] = step(state, event, PLAN, 1);
    state = next;
    return `${next.kind}/${next.epoch}: ${effects.map((one) => (one.kind === 'wait' ? `wait ${one.ms}` : one.kind)).join(', ')}`;
  });
}

const UP: readonly ConnectionEvent[] = [{ kind: 'retry-due' }, { kind: 'opened' }, { kind: 'greeted', at: 0 }];

test('a server that is there', () => {
  assert.deepEqual(story(...UP), ['opening/0: open', 'greeting/1: greet', 'up/1: release']);
});

test('a server that comes later is tried without end, less and less often', () => {
  const failed: readonly ConnectionEvent[] = [{ kind: 'retry-due' }, { kind: 'failed', why: WHY }];
  assert.deepEqual(
    story(...failed, ...failed, ...failed, ...failed, ...failed, ...failed).filter((_, index) => index % 2 === 1),
    [100, 200, 400, 800, 1000, 1000].map((ms) => `down/0: drop, wait ${ms}`),
  );
});

test('a steady server that goes is looked for at once, one that keeps going is not', () => {
  assert.equal(story(...UP, { kind: 'lost', why: WHY, at: 60_000 }).at(-1), 'down/1: drop, wait 0');
  assert.equal(story(...UP, { kind: 'lost', why: WHY, at: 50 }).at(-1), 'down/1: drop, wait 100');
});

test('a loss during the handshake is a failure, and each link is a new epoch', () => {
  const events: readonly ConnectionEvent[] = [{ kind: 'retry-due' }, { kind: 'opened' }, { kind: 'lost', why: WHY, at: 1 }];
  assert.equal(story(...events, ...events).at(-1), 'down/2: drop, wait 200');
});

test('a refusal turns requests away and is asked about again', () => {
  const refusal = { cause: 'port-in-use', summary: 'x', remedies: [] } as const;
  const told = story(
    { kind: 'retry-due' },
    { kind: 'opened' },
    { kind: 'refused', why: refusal },
    { kind: 'retry-due' },
    { kind: 'opened' },
    {
      kind: 'greeted',
      at: 5,
    },
  );
  assert.deepEqual(told.slice(2), ['refused/1: drop, turn-away, wait 500', 'opening/1: open', 'greeting/2: greet', 'up/2: release']);
});

test('what a server asks for by Retry-After is waited', () => {
  assert.equal(story({ kind: 'retry-due' }, { kind: 'failed', why: { ...WHY, retryAfterMs: 7000 } }).at(-1), 'down/0: drop, wait 7000');
});

test('nothing happens after the end, and nothing for events out of place', () => {
  assert.deepEqual(story({ kind: 'close' }, { kind: 'retry-due' }, { kind: 'close' }), ['closed/0: drop', 'closed/0: ', 'closed/0: ']);
  assert.deepEqual(story({ kind: 'opened' }, { kind: 'greeted', at: 0 }), ['down/0: ', 'down/0: ']);
});

test('how often the port was silent before says nothing about a refusal', () => {
  const failed: readonly ConnectionEvent[] = [{ kind: 'retry-due' }, { kind: 'failed', why: WHY }];
  const refused: readonly ConnectionEvent[] = [{ kind: 'retry-due' }, { kind: 'opened' }, { kind: 'refused', why: WHY }];
  const told = story(...failed, ...failed, ...failed, ...refused, ...refused);
  assert.equal(told[8], 'refused/1: drop, turn-away, wait 500');
  assert.equal(told[11], 'refused/2: drop, turn-away, wait 750');
});
