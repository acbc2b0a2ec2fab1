import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { parseConnections, parseNetstat, parseProcesses } from './windows-parse.ts';

const recorded = (name: string) => readFileSync(`test/recorded/windows/${name}`);

it('reads Get-NetTCPConnection: many rows, one row, none', () => {
  const rows = parseConnections(recorded('connections.json').toString()) ?? [];
  assert.deepEqual(
    rows.map(({ address, port, pid }) => [address, port, pid]),
    [
      ['::', 8080, 7788],
      ['::1', 3000, 5120],
      ['fe80::9d5c:11ff:fe22:3344', 139, 4],
      ['0.0.0.0', 8080, 7788],
      ['127.0.0.1', 3001, 5120],
    ],
  );
  assert.equal(parseConnections(recorded('connection-single.json').toString())?.length, 1);
  assert.deepEqual(parseConnections('\r\n'), []);
  assert.equal(parseConnections('Get-NetTCPConnection : The term is not recognized'), null);
});

for (const language of ['en', 'de', 'ja']) {
  it(`reads netstat in the display language ${language}`, () => {
    assert.deepEqual(
      parseNetstat(recorded(`netstat-${language}.txt`).toString('latin1')).map(({ address, port, pid }) => `${address} ${port} ${pid}`),
      ['0.0.0.0 135 1040', '0.0.0.0 8080 7788', '127.0.0.1 3000 5120', ':: 8080 7788', '::1 3001 5120', 'fe80::9d5c:11ff:fe22:3344 139 4'],
    );
  });
}

it('reads Win32_Process; a command line that is kept from us becomes the name', () => {
  const processes = parseProcesses(recorded('processes.json').toString());
  assert.deepEqual(processes?.get(5120), {
    pid: 5120,
    name: 'node.exe',
    command: '"C:\\Program Files\\nodejs\\node.exe" server.js --port 3000 --token ***',
    user: 'DESKTOP-A1\\ada',
    startedAt: '2026-11-20T08:04:35.123Z',
    cwd: null,
  });
  assert.deepEqual(processes?.get(4), { pid: 4, name: 'System', command: 'System', user: null, startedAt: null, cwd: null });
  assert.equal(parseProcesses('no JSON'), null);
});
