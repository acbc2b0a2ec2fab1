import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { parseGateway } from './gateway.ts';
import { parseContainer, parseLog, parsePing, parseRows, parseVersion } from './parse.ts';

const recorded = (name: string) => readFileSync(`test/recorded/containers/${name}`);
const NOW = Date.parse('2026-11-28T11:45:00Z');

it('tells Docker, Podman and Docker Desktop apart', () => {
  assert.deepEqual(parseVersion(recorded('docker-version.json')), {
    kind: 'docker',
    version: '20.10.24+dfsg1',
    kernel: '6.18.44-fc-v669',
    platform: null,
  });
  assert.equal(parseVersion(recorded('podman-version.json'))?.kind, 'podman');
  assert.equal(parseVersion(recorded('docker-desktop-version.json'))?.platform, 'Docker Desktop 4.45.0 (203075)');
  for (const other of ['', 'null', '[]', '{"Version":7}', '<html>']) assert.equal(parseVersion(Buffer.from(other)), undefined);
});

it('reads the list, running or not', () => {
  const rows = parseRows(recorded('docker-list.json'));
  assert.deepEqual(rows?.map(({ running }) => running).sort(), [false, false, true, true]);
  assert.equal(parseRows(Buffer.from('{"message":"no"}')), undefined);
  assert.deepEqual(parseRows(Buffer.from('[7, {"Id":"../../secrets"}]')), []);
});

it("reads a container of Compose: published ports of both families, aliases, health, and no variable's value", () => {
  const found = parseContainer(recorded('docker-composed.json'), 'docker', NOW);
  assert.deepEqual(found?.published, [
    { address: '127.0.0.1', family: 4, hostPort: 3030, innerPort: 3000 },
    { address: '::1', family: 6, hostPort: 3030, innerPort: 3000 },
  ]);
  assert.deepEqual(found?.compose, {
    project: 'shop',
    service: 'mcp',
    files: ['/srv/shop/compose.yaml', '/srv/shop/compose.override.yaml'],
  });
  assert.equal(found?.networks[0]?.aliases.includes('mcp'), true);
  assert.deepEqual([found?.state, found?.health, found?.exitCode, found?.endedMsAgo], ['running', 'unhealthy', 0, null]);
  assert.deepEqual(found?.loopbackSettings, ['HOST', '--bind']);
  assert.doesNotMatch(JSON.stringify(found), /s3cr3t/);
});

it('reads a container that has ended, and the ports it would have', () => {
  const found = parseContainer(recorded('docker-exited.json'), 'docker', NOW);
  assert.deepEqual([found?.state, found?.exitCode, found?.pid, found?.runningMs], ['exited', 3, null, null]);
  assert.deepEqual(found?.published, [{ address: '0.0.0.0', family: 4, hostPort: 3010, innerPort: 3000 }]);
  assert.equal(Math.round((found?.endedMsAgo ?? 0) / 60_000), 12);
});

it("reads Podman's words for the same", () => {
  const running = parseContainer(recorded('podman-running.json'), 'podman', NOW);
  assert.deepEqual([running?.name, running?.state, running?.health], ['ploop', 'running', null]);
  assert.deepEqual(running?.published, [{ address: '0.0.0.0', family: 4, hostPort: 4000, innerPort: 3000 }]);
  const created = parseContainer(recorded('podman-created.json'), 'podman', NOW);
  assert.deepEqual([created?.state, created?.exitCode, created?.endedMsAgo], ['created', null, null]);
});

it('takes the frames off a log, and leaves that of a terminal alone', () => {
  assert.equal(parseLog(recorded('podman-log.bin')).toString(), 'sorry\n');
  assert.match(parseLog(recorded('docker-log.bin')).toString(), /^Error: DATABASE_URL is missing [^\0]*\n$/);
  assert.equal(parseLog(Buffer.from('plain text\n')).toString(), 'plain text\n');
  assert.equal(parseLog(Buffer.from([1, 0, 0, 0, 0, 0, 0, 9, 104, 105])).toString(), 'hi', 'a frame that was cut off');
});

it('finds the way out of a container', () => {
  const routes = recorded('route.txt').toString();
  assert.equal(parseGateway(routes, 'LE'), '172.17.0.1');
  assert.equal(parseGateway(routes.replace('010011AC', 'AC110001'), 'BE'), '172.17.0.1');
  assert.equal(parseGateway('Iface\tDestination\n', 'LE'), null);
});

it('knows Podman by the head of its ping', () => {
  const podman = parsePing({ 'api-version': '1.41', 'libpod-api-version': '4.3.1', server: 'Libpod/4.3.1 (linux)' });
  assert.deepEqual([podman?.kind, podman?.version], ['podman', '4.3.1']);
  assert.equal(parsePing({ 'api-version': '1.41', server: 'Docker/20.10.24+dfsg1 (linux)' }), undefined);
});
