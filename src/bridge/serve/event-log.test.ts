import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEventLog, eventId, readEventId } from './event-log.ts';

const data = (text: string) => Buffer.from(text);

test('each stream is told what it missed, and nothing of another', () => {
  const log = createEventLog();
  const first = log.add(1, data('a'));
  log.add(2, data('b'));
  log.add(1, data('c'));
  assert.deepEqual(
    log.after(1, first.number)?.map((event) => String(event.data)),
    ['c'],
  );
  assert.deepEqual(
    log.after(1, 0)?.map((event) => String(event.data)),
    ['a', 'c'],
  );
  assert.deepEqual(log.after(3, 0), []);
});

test('it is bounded, and says so instead of leaving a gap', () => {
  const few = createEventLog(2, 1_000);
  for (const text of ['a', 'b', 'c']) few.add(1, data(text));
  assert.equal(few.after(1, 0), null);
  assert.equal(few.after(1, 1)?.length, 2);
  const small = createEventLog(100, 10);
  small.add(1, data('12345678'));
  small.add(2, data('12345678'));
  assert.equal(small.after(1, 0), null);
  assert.equal(small.after(2, 0)?.length, 1);
  const large = createEventLog(100, 10);
  large.add(1, data('x'.repeat(50)));
  assert.equal(large.after(1, 0)?.length, 1, 'the newest is always kept');
});

test('ids of other servers are no ids', () => {
  assert.deepEqual(readEventId(eventId({ stream: 3, number: 14 })), { stream: 3, number: 14 });
  for (const text of ['', '3', '3-', '-14', 'a-b', '3-14-15', '3-1e9', '9999999999999999999-1'])
    assert.equal(readEventId(text), null, text);
});
