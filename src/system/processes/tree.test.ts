import assert from 'node:assert/strict';
import { it } from 'node:test';
import { parseStat, shownCommand } from './proc.ts';
import type { ProcStat } from './proc.ts';
import { selectMembers } from './tree.ts';

function stat(pid: number, parent: number, more: Partial<ProcStat> = {}): ProcStat {
  return { pid, parent, comm: 'x', state: 'S', group: pid, session: pid, startTicks: pid, ...more };
}

const ids = (members: readonly ProcStat[]) => members.map(({ pid }) => pid);
const nobody = () => false;

it('finds the group, the session, descendants and whoever carries the mark', () => {
  const all = [
    stat(1, 0),
    stat(100, 50),
    stat(101, 100),
    stat(102, 1, { group: 100 }),
    stat(103, 1, { session: 100 }),
    stat(104, 1),
    stat(105, 104),
    stat(106, 1),
  ];
  const marked = (one: ProcStat) => one.pid === 104;
  assert.deepEqual(ids(selectMembers(all, 100, new Map(), marked)), [100, 101, 102, 103, 104, 105]);
});

it('keeps an orphan it has met before, but not a later process with the same id', () => {
  const known = new Map([
    [200, stat(200, 100)],
    [201, stat(201, 100)],
  ]);
  const all = [stat(200, 1), stat(201, 1, { startTicks: 999 })];
  assert.deepEqual(ids(selectMembers(all, 100, known, nobody)), [200]);
});

it('never takes ourselves', () => {
  assert.deepEqual(ids(selectMembers([stat(process.pid, 100), stat(100, 1)], 100, new Map(), nobody)), [100]);
});

it('reads /proc/PID/stat with brackets and blanks in the name', () => {
  const text = '4242 (a (b) c) S 17 4242 4242 0 -1 4194304 0 0 0 0 0 0 0 0 20 0 11 0 987654 0 0';
  assert.deepEqual(parseStat(text), { pid: 4242, comm: 'a (b) c', state: 'S', parent: 17, group: 4242, session: 4242, startTicks: 987654 });
  assert.equal(parseStat(''), undefined);
});

it('masks a command line before it cuts it', () => {
  const shown = shownCommand(`node server.js ${'x'.repeat(282)} --token abcdefghijklmnop`);
  assert.equal(shown.length, 300);
  assert.doesNotMatch(shown, /abcd/);
});
