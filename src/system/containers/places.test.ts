import assert from 'node:assert/strict';
import { it } from 'node:test';
import { parseForwarder } from './forwarders.ts';
import { machineBehind, readEndpoint, usualPlaces } from './places.ts';

it('asks engines of this machine only', () => {
  assert.deepEqual(readEndpoint('unix:///run/user/1000/docker.sock', false).door, { kind: 'unix', path: '/run/user/1000/docker.sock' });
  assert.deepEqual(readEndpoint('npipe:////./pipe/docker_engine', false).door, { kind: 'unix', path: String.raw`\\.\pipe\docker_engine` });
  assert.deepEqual(readEndpoint('tcp://localhost:2375', false).door, { kind: 'tcp', host: '127.0.0.1', port: 2375 });
  assert.deepEqual(readEndpoint('tcp://[::1]', false).door, { kind: 'tcp', host: '::1', port: 2375 });
  for (const remote of ['tcp://192.0.2.7:2375', 'ssh://dev@build.example', 'tcp://127.0.0.1.example:2375'])
    assert.deepEqual(readEndpoint(remote, false).closed, { kind: 'remote' }, remote);
});

it('says why an engine is not asked, and shows no credentials', () => {
  assert.equal(readEndpoint('tcp://127.0.0.1:2376', false).closed?.kind, 'not-asked');
  assert.equal(readEndpoint('tcp://127.0.0.1:2375', true).closed?.kind, 'not-asked');
  assert.equal(readEndpoint('docker', false).closed?.kind, 'not-asked');
  assert.doesNotMatch(readEndpoint('ssh://dev:hunter22@build.example', false).endpoint, /hunter22/);
});

it('knows the usual places of each system', () => {
  const paths = (platform: NodeJS.Platform, environment = {}) =>
    usualPlaces(platform, environment, '/home/dev', 1000).map(({ endpoint }) => endpoint);
  assert.ok(paths('linux').includes('unix:///run/user/1000/podman/podman.sock'));
  assert.ok(paths('linux', { XDG_RUNTIME_DIR: '/run/dev' }).includes('unix:///run/dev/docker.sock'));
  assert.ok(paths('darwin').includes('unix:///home/dev/.colima/default/docker.sock'));
  assert.ok(paths('win32').includes('npipe:////./pipe/docker_engine'));
});

it('sees a virtual machine behind a socket', () => {
  assert.equal(machineBehind('unix:///Users/dev/.colima/default/docker.sock'), 'Colima');
  assert.equal(machineBehind('unix:///Users/dev/.docker/run/docker.sock'), 'Docker Desktop');
  assert.equal(machineBehind('npipe:////./pipe/docker_engine'), 'Docker Desktop');
  assert.equal(machineBehind('unix:///var/run/docker.sock'), null);
});

it("reads the command line of Docker's forwarder", () => {
  const words = '/usr/sbin/docker-proxy -proto tcp -host-ip 0.0.0.0 -host-port 3000 -container-ip 172.17.0.3 -container-port 8080';
  const read = (line: string) => parseForwarder(line.split(' '));
  assert.deepEqual(read(words), { address: '0.0.0.0', family: 4, hostPort: 3000, innerPort: 8080, innerAddress: '172.17.0.3' });
  // Newer ones get an open socket as well.
  assert.deepEqual(read(`${words} -use-listen-fd`)?.innerPort, 8080);
  assert.equal(read(words.replace('tcp', 'udp')), null);
  assert.equal(read('node server.js -host-port 3000'), null);
});
