import assert from 'node:assert/strict';
import { it } from 'node:test';
import { parseMonitor } from './conmons.ts';

const ID = '97d544503d61459219e42fa88b2bba92dd7f6f3c7742af802a5e70f912325b13';

it('reads the command line of a monitor, and of nothing else', () => {
  const argv = [
    '/usr/bin/conmon',
    '--api-version',
    '1',
    '-c',
    ID,
    '-u',
    ID,
    '-r',
    '/usr/bin/runc',
    '-n',
    'notes',
    '--exit-dir',
    '/run/exits',
  ];
  assert.deepEqual(parseMonitor(argv), { id: '97d544503d61', name: 'notes' });
  assert.deepEqual(parseMonitor(['conmon', '-c', ID]), { id: '97d544503d61', name: '97d544503d61' });
  for (const other of [[], ['conmon'], ['conmon', '-c', '../x'], ['node', '-c', ID]]) assert.equal(parseMonitor(other), null);
});
