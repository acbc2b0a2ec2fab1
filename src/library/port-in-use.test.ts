import assert from 'node:assert/strict';
import { it } from 'node:test';
import { type PortHolder, portInUseMessage } from './port-in-use.ts';

const HOLDER: PortHolder = {
  address: '0.0.0.0',
  process: { pid: 4711, name: 'node', command: 'node old.js', user: 'ada', startedAt: '2026-11-20T08:00:00.000Z' },
};

it('names the program that holds the port, since when and by whom', () => {
  assert.equal(
    portInUseMessage(3000, '127.0.0.1', [{ address: '127.0.0.1', process: null }, HOLDER], 1),
    '0.0.0.0:3000 is in use by node (pid 4711, user ada, since 2026-11-20T08:00:00.000Z): node old.js. End that program, or choose another port.',
  );
});

it('says so when it is this process itself, or when nobody can tell', () => {
  assert.match(portInUseMessage(3000, '::1', [HOLDER], 4711), /^0\.0\.0\.0:3000 is in use by this process itself\./);
  assert.match(portInUseMessage(3000, '::1', []), /^\[::1\]:3000 is in use by another program that could not be determined\./);
});
