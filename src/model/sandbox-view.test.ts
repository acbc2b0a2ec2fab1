import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attempt, evidence, holder, listener, names, NOTHING_AROUND, sandbox, target, tcp } from './examples.ts';
import { confinedBy, isLoopbackDown } from './sandbox-view.ts';
import type { SandboxEvidence } from './sandbox.ts';

const LONELY = { kind: 'measured', value: [{ name: 'lo', up: true }] } as const;
const RUNTIME = { name: 'sandbox-runtime', mark: 'SANDBOX_RUNTIME=1 is set' } as const;
const SNAP = { name: 'snap', mark: 'SNAP_NAME is set' } as const;

function found(outcome: Parameters<typeof attempt>[1], more: Partial<SandboxEvidence>, address = '127.0.0.1') {
  return evidence(target(`http://${address}:3000/mcp`), { ...NOTHING_AROUND, tcp: tcp(attempt(address, outcome)), sandbox: sandbox(more) });
}

test('a network of its own needs a known sandbox, and no interface but lo', () => {
  assert.equal(confinedBy(found('refused', { marks: [RUNTIME], interfaces: LONELY }))?.kind, 'apart');
  assert.equal(confinedBy(found('refused', { marks: [RUNTIME] })), undefined);
  assert.equal(confinedBy(found('refused', { interfaces: LONELY })), undefined);
  // A snap shares the network of its machine.
  assert.equal(confinedBy(found('refused', { marks: [SNAP], interfaces: LONELY })), undefined);
  assert.equal(confinedBy(found('refused', { marks: [RUNTIME], interfaces: LONELY }, '192.168.1.9')), undefined);
});

test('a listener outside proves it', () => {
  const apart = found('refused', { marks: [RUNTIME], interfaces: LONELY });
  const owner = { kind: 'not-measured', why: 'not ours' } as const;
  const outside = { ...holder(), elsewhere: [{ socket: listener('127.0.0.1'), owner }] };
  assert.equal(confinedBy(apart)?.proved, false);
  assert.equal(confinedBy({ ...apart, holder: outside })?.proved, true);
});

test('one refused address is the sandbox only where that is known', () => {
  assert.equal(confinedBy(found('not-permitted', { marks: [SNAP] }, '192.168.1.9'))?.kind, 'here');
  assert.equal(confinedBy(found('not-permitted', {}, '192.168.1.9')), undefined);
  assert.equal(confinedBy(found('not-permitted', { seccompFilters: { kind: 'measured', value: 2 } }, '192.168.1.9')), undefined);
});

test('what is forbidden everywhere needs some sign of who forbids it', () => {
  const own = { stage: 'listen', outcome: 'not-permitted', code: 'EPERM' } as const;
  assert.equal(confinedBy(found('not-permitted', { own })), undefined);
  assert.equal(
    confinedBy(found('not-permitted', { own, label: { kind: 'measured', value: 'snap.code.code (enforce)' } }))?.kind,
    'forbidden',
  );
  assert.equal(confinedBy(found('not-permitted', { own, noNewPrivileges: { kind: 'measured', value: true } }))?.kind, 'forbidden');
});

test('a name that nobody answers for in a lonely sandbox', () => {
  const dns = { ...names(), error: 'EAI_AGAIN' };
  const away = (more: Partial<SandboxEvidence>) => evidence(target('https://mcp.corp.test/mcp'), { dns, sandbox: sandbox(more) });
  assert.equal(confinedBy(away({ marks: [RUNTIME], interfaces: LONELY }))?.kind, 'apart');
  assert.equal(confinedBy(away({ marks: [RUNTIME] })), undefined);
});

test('loopback that is down', () => {
  assert.equal(isLoopbackDown(found('unreachable', { interfaces: { kind: 'measured', value: [{ name: 'lo', up: false }] } })), true);
  assert.equal(isLoopbackDown(found('unreachable', {})), false);
  assert.equal(isLoopbackDown(found('unreachable', { interfaces: { kind: 'not-measured', why: 'darwin' } })), false);
});
