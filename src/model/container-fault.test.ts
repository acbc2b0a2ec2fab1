import assert from 'node:assert/strict';
import { it } from 'node:test';
import { publishing, runningContainer, stoppedContainer, within } from './container-examples.ts';
import { containerFault } from './container-fault.ts';
import { engineGaps } from './container-view.ts';
import { answer, answered, attempt, evidence, failed, listener, names, NOTHING_AROUND, target, tcp, unfinished } from './examples.ts';

const cut = unfinished([failed('server/discover', { stage: 'head', reason: 'closed', code: 'ECONNRESET' })]);
const local = { dns: names('127.0.0.1'), ...NOTHING_AROUND };
const refused = { ...local, tcp: tcp(attempt('127.0.0.1', 'refused')) };
const open = { ...local, tcp: tcp(attempt('127.0.0.1', 'open')), direct: cut };

it('an answer of whatever kind is no matter of containers', () => {
  const wrong = unfinished([answered('initialize', 'not-found', answer(404))]);
  const loop = publishing(runningContainer({ listening: within('127.0.0.1') }));
  assert.equal(containerFault(evidence(target(), { ...open, direct: wrong, containers: loop })), undefined);
  assert.equal(containerFault(evidence(target(), { ...open, containers: loop }))?.kind, 'loopback');
});

it('one socket on loopback beside another on every address is reached', () => {
  const both = publishing(runningContainer({ listening: within('127.0.0.1', '::') }));
  assert.equal(containerFault(evidence(target(), { ...open, containers: both })), undefined);
});

it('a port that is published at another address of this machine is not the one that was dialled', () => {
  const elsewhere = stoppedContainer({ published: [{ address: '192.168.1.20', family: 4, hostPort: 3000, innerPort: 3000 }] });
  assert.equal(containerFault(evidence(target(), { ...refused, containers: publishing(elsewhere) })), undefined);
});

it('of several stopped containers with the port, the one that ran last is meant', () => {
  const old = stoppedContainer({ name: 'old', endedMsAgo: 90_000 });
  const fault = containerFault(evidence(target(), { ...refused, containers: publishing(old, stoppedContainer({ name: 'new' })) }));
  assert.deepEqual(fault?.kind === 'not-running' && [fault.container.name, fault.others], ['new', 1]);
});

it('a container between two restarts is one that does not run', () => {
  const falling = runningContainer({ restarts: 4, listening: { kind: 'measured', value: [] } });
  assert.equal(containerFault(evidence(target(), { ...open, containers: publishing(falling) }))?.kind, 'not-running');
  const gone = { ...falling, listening: { kind: 'not-measured', why: 'its first process has ended' } } as const;
  assert.equal(containerFault(evidence(target(), { ...open, containers: publishing(gone) }))?.kind, 'not-running');
  const ended = stoppedContainer({ restarts: 4 });
  assert.equal(containerFault(evidence(target(), { ...open, containers: publishing(ended) }))?.kind, 'not-running');
  const once = { ...falling, restarts: 1 };
  assert.equal(containerFault(evidence(target(), { ...open, containers: publishing(once) }))?.kind, 'nobody-inside');
});

it('what could not be read stays unknown', () => {
  const dark = runningContainer({ listening: { kind: 'not-measured', why: 'another kernel' } });
  assert.equal(containerFault(evidence(target(), { ...open, containers: publishing(dark) }))?.kind, 'dark');
});

it('in a container with a network of its own, the ports of the engine are not those of localhost', () => {
  const inside = { ...publishing(stoppedContainer()), portsAreOurs: false, own: { gateway: null, networks: null, around: [], beside: [] } };
  assert.equal(containerFault(evidence(target(), { ...refused, containers: inside }, { container: 'docker' })), undefined);
});

it('a neighbour that listens on another port is not meant when its own port is served', () => {
  const busy = runningContainer({ listening: { kind: 'measured', value: [listener('0.0.0.0', 3000), listener('0.0.0.0', 9229)] } });
  assert.equal(containerFault(evidence(target(), { ...open, containers: publishing(busy) })), undefined);
});

it('says what could not be asked, and how to do it by hand', () => {
  const engine = { kind: 'docker', endpoint: 'unix:///var/run/docker.sock', source: 'the usual socket' } as const;
  const closed = { ...engine, state: { kind: 'no-permission', owner: 'user root, group docker' } } as const;
  const remote = { ...engine, endpoint: 'ssh://build.example', source: 'DOCKER_HOST', state: { kind: 'remote' } } as const;
  assert.deepEqual(engineGaps({ ...publishing(), engines: [closed, remote] }), [
    'Docker at unix:///var/run/docker.sock (the usual socket) could not be asked: this user has no permission to open its socket (it belongs to user root, group docker); by hand: sudo docker ps -a',
    'Docker at ssh://build.example (DOCKER_HOST) is on another machine and was not asked: its ports are not those of this machine',
  ]);
});

it('a container that ended a moment ago, to be started again, had the open port', () => {
  const between = stoppedContainer({ restarts: 3, endedMsAgo: 200 });
  assert.equal(containerFault(evidence(target(), { ...open, containers: publishing(between) }))?.kind, 'not-running');
  const old = { ...between, endedMsAgo: 600_000 };
  assert.equal(containerFault(evidence(target(), { ...open, containers: publishing(old) })), undefined);
});
