import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { parseLsof, parseLsofCwd, parseNetstat, parsePs } from './darwin-parse.ts';

const recorded = (name: string) => readFileSync(`test/recorded/darwin/${name}.txt`, 'utf8');

it('reads the listeners of netstat with what they say about IPv4', () => {
  assert.deepEqual(
    parseNetstat(recorded('netstat')).map(({ address, family, port, v6Only }) => [address, family, port, v6Only]),
    [
      ['127.0.0.1', 4, 3000, null],
      ['::', 6, 8080, false],
      ['::1', 6, 3000, true],
      ['::', 6, 3001, true],
      ['0.0.0.0', 4, 5000, null],
      ['fe80::1', 6, 3002, true],
      ['fd12:3456:789a:bcde:1234:5678:9abc:def0', 6, 3003, true],
    ],
  );
});

it('reads the processes that lsof names', () => {
  assert.deepEqual(
    parseLsof(recorded('lsof')).map(({ pid, name, address, port }) => [pid, name, address, port]),
    [
      [612, 'ControlCenter', '0.0.0.0', 5000],
      [612, 'ControlCenter', '::', 5000],
      [4242, 'node', '127.0.0.1', 3000],
      [4242, 'node', '::1', 3000],
      [4250, 'Python 3.12', '::', 8080],
      [4250, 'Python 3.12', 'fe80::1', 3002],
    ],
  );
  assert.deepEqual(parseLsof(''), []);
});

it('reads working directories', () => {
  assert.deepEqual(
    [...parseLsofCwd(recorded('lsof-cwd'))],
    [
      [4242, '/Users/ada/my server'],
      [4250, '/'],
    ],
  );
});

it('reads start time, user and masked command from ps', () => {
  const processes = parsePs(recorded('ps'));
  assert.deepEqual(processes.get(4242), {
    pid: 4242,
    name: 'node',
    command: '/opt/homebrew/bin/node /Users/ada/my server/index.js --port 3000 --api-key ***',
    user: 'ada',
    // ps prints local time.
    startedAt: new Date('Fri Nov 20 09:04:35 2026').toISOString(),
  });
  assert.equal(processes.get(612)?.name, 'ControlCenter');
});
