import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isInsideWsl, isWholeDisk } from './host.ts';

test('a virtual machine has a disk below its root, a container has not', () => {
  const machine = '23 1 254:0 / / rw,relatime shared:1 - ext4 /dev/root rw\n24 23 0:21 / /proc rw - proc proc rw\n';
  const overlay = '612 480 0:61 / / rw,relatime master:220 - overlay overlay rw,lowerdir=/var/lib/docker/overlay2/l/AB\n';
  const btrfs = '612 480 0:40 /docker/btrfs/subvolumes/4fd1 / rw,relatime - btrfs /dev/sda2 rw\n';
  assert.equal(isWholeDisk(machine), true);
  assert.equal(isWholeDisk(overlay), false);
  assert.equal(isWholeDisk(btrfs), false);
  assert.equal(isWholeDisk(''), false);
});

test('inside WSL by the kernel, or by what starts programs of Windows', () => {
  assert.equal(isInsideWsl('4.4.0-19041-Microsoft', false), true);
  assert.equal(isInsideWsl('5.15.153.1-microsoft-standard-WSL2', false), true);
  assert.equal(isInsideWsl('6.12.0-custom', true), true);
  assert.equal(isInsideWsl('6.12.0-custom', false), false);
});
