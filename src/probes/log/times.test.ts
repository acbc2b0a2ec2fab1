import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stampOf, timeOf } from './times.ts';

const NOW = Date.parse('2026-11-28T12:30:00Z');
const LOCAL = new Date(2026, 10, 28, 10, 15, 30).toISOString();

const STAMPS: readonly (readonly [line: string, at: string | null, rest: string])[] = [
  ['2026-11-28T10:15:30.123Z [files] [error] x', '2026-11-28T10:15:30.123Z', '[files] [error] x'],
  ['[2026-11-28T10:15:30Z] [info] x', '2026-11-28T10:15:30.000Z', '[info] x'],
  ['2026-11-28T17:25:04-05:00 ERROR [x] y', '2026-11-28T22:25:04.000Z', 'ERROR [x] y'],
  ['2026-11-28T06:00:31.130169Z ERROR codex_core: y', '2026-11-28T06:00:31.130Z', 'ERROR codex_core: y'],
  ['2026-11-28 10:15:30 info: x', LOCAL, 'info: x'],
  ['2026-11-28 10:15:30,000 [  10983]   WARN - #copilot', LOCAL, '[  10983]   WARN - #copilot'],
  ['2026/11/28 10:15:30 ERRO x', LOCAL, 'ERRO x'],
  ['ERROR 2026-11-28T10:15:30 +1ms service=mcp x', LOCAL, '+1ms service=mcp x'],
  ['time=2026-11-28T10:15:30Z level=ERROR msg=x', '2026-11-28T10:15:30.000Z', 'level=ERROR msg=x'],
  ['127.0.0.1 - - 28/Nov/2026', null, ''],
  ['[28/Nov/2026:10:15:30 +0100] "POST /mcp"', '2026-11-28T09:15:30.000Z', '"POST /mcp"'],
  ['Nov 28 10:15:30 host app: x', LOCAL, 'host app: x'],
  ['2026-13-45 10:15:30 x', null, ''],
  ['10:15:30 x', null, ''],
  ['npm error code E404', null, ''],
];

for (const [line, at, rest] of STAMPS) {
  test(`${line} was written ${at ?? 'at no known time'}`, () => {
    const found = stampOf(line, NOW);
    assert.equal(found === null ? null : new Date(found.at).toISOString(), at);
    if (found !== null) assert.equal(found.rest, rest);
  });
}

test('a day without a year that would be in the future is of the last year', () => {
  assert.equal(new Date(stampOf('Dec 24 10:15:30 x', NOW)?.at ?? 0).getFullYear(), 2025);
});

test('numbers in JSON are seconds, milliseconds or nanoseconds', () => {
  const at = Date.parse('2026-11-28T10:15:30Z');
  assert.deepEqual(
    [at / 1000, at, at * 1e6, 'no time', 12].map((value) => timeOf(value, NOW)),
    [at, at, at, null, null],
  );
});
