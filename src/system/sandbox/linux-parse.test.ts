import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { isUp, parseInterfaces, parseLabel, parseLimits, parseStatus, parseUnit } from './linux-parse.ts';

const recorded = (name: string) => readFileSync(new URL(`../../../../test/recorded/sandbox/${name}`, import.meta.url), 'utf8');

test('seccomp filters and the privilege bit', () => {
  assert.deepEqual(parseStatus(recorded('status-filtered.txt')), { seccompFilters: 1, noNewPrivileges: true });
  assert.deepEqual(parseStatus(recorded('status-plain.txt')), { seccompFilters: 0, noNewPrivileges: false });
});

test('a kernel that tells the mode only, or nothing', () => {
  assert.equal(parseStatus('Seccomp:\t2\n').seccompFilters, 1);
  assert.equal(parseStatus('Seccomp:\t0\n').seccompFilters, 0);
  assert.deepEqual(parseStatus('Name:\tnode\n'), { seccompFilters: null, noNewPrivileges: null });
});

test('a label that confines, and those that do not', () => {
  assert.equal(parseLabel('snap.code.code (enforce)\n'), 'snap.code.code (enforce)');
  assert.equal(parseLabel('system_u:system_r:container_t:s0:c1,c2\0'), 'system_u:system_r:container_t:s0:c1,c2');
  for (const label of ['unconfined\n', 'kernel\0', '', 'unconfined_u:unconfined_r:unconfined_t:s0-s0:c0.c1023\0'])
    assert.equal(parseLabel(label), null);
});

test('interfaces by name, headings left out', () => {
  assert.deepEqual(parseInterfaces(recorded('net-dev.txt')), ['lo', 'near']);
  assert.equal(isUp('0x1003\n'), true);
  assert.equal(isUp('0x8\n'), false);
});

test('the service a process belongs to', () => {
  assert.equal(parseUnit('0::/system.slice/agent.service\n'), 'agent.service');
  assert.equal(parseUnit('0::/user.slice/user-1000.slice/user@1000.service/app.slice/agent.service\n'), 'agent.service');
  assert.equal(parseUnit('0::/user.slice/user-1000.slice/user@1000.service/app.slice/app-gnome-code-42.scope\n'), null);
  assert.equal(parseUnit('0::/\n'), null);
});

test('only settings that limit', () => {
  const shown = 'IPAddressDeny=::/0 0.0.0.0/0\nRestrictAddressFamilies=\nSocketBindDeny=\nPrivateNetwork=no\n';
  assert.deepEqual(parseLimits(shown), ['IPAddressDeny=::/0 0.0.0.0/0']);
  assert.deepEqual(parseLimits('PrivateNetwork=yes\nRestrictAddressFamilies=AF_UNIX\n'), [
    'PrivateNetwork=yes',
    'RestrictAddressFamilies=AF_UNIX',
  ]);
});
