import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type ReadFile, readVersioned, writeAtomically } from './atomic-file.ts';
import { type Backup, discardBackup, listBackups, restoreBackup, saveBackup } from './backups.ts';
import { stateFolder } from './state-folder.ts';

let folder = '';
let state = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mcpreach-backup-'));
  state = join(folder, 'state');
});
after(() => rm(folder, { recursive: true, force: true }));

async function read(path: string): Promise<ReadFile> {
  const file = await readVersioned(path);
  if (file.kind !== 'read') throw new Error(file.code);
  return file;
}

async function edited(name: string): Promise<{ readonly path: string; readonly backup: Backup }> {
  const path = join(folder, name);
  await writeFile(path, '{"token": "old"}\r\n');
  const before = await read(path);
  const backup = await saveBackup(state, path, before, 'new');
  if (!('id' in backup)) throw new Error(backup.code);
  await writeAtomically(path, 'new', before.version, state);
  return { path, backup };
}

test('a backup brings the old content back, once', async () => {
  const { path, backup } = await edited('a.json');
  assert.deepEqual(await listBackups(state), [backup]);
  assert.equal((await restoreBackup(state, backup.id)).kind, 'written');
  assert.equal(await readFile(path, 'utf8'), '{"token": "old"}\r\n');
  assert.deepEqual(await restoreBackup(state, backup.id), { kind: 'unchanged' });
});

test('a file that was changed after the edit is not overwritten by its backup', async () => {
  const { path, backup } = await edited('b.json');
  await writeFile(path, 'mine');
  assert.deepEqual(await restoreBackup(state, backup.id), { kind: 'failed', code: 'changed-meanwhile', errno: null });
  assert.equal(await readFile(path, 'utf8'), 'mine');
});

test('a damaged copy is not restored', async () => {
  const { backup } = await edited('c.json');
  await writeFile(backup.copy, 'else');
  assert.deepEqual(await restoreBackup(state, backup.id), { kind: 'damaged' });
});

test('ids are names of backups, not paths', async () => {
  assert.deepEqual(await restoreBackup(state, '../backups'), { kind: 'no-such-backup' });
  const { backup } = await edited('d.json');
  await discardBackup(state, backup.id);
  assert.deepEqual(await restoreBackup(state, backup.id), { kind: 'no-such-backup' });
});

test('only the owner can read a backup', { skip: process.platform === 'win32' }, async () => {
  const { backup } = await edited('e.json');
  assert.equal((await stat(backup.copy)).mode & 0o777, 0o600);
  assert.equal((await stat(join(backup.copy, '..'))).mode & 0o777, 0o700);
});

test('state lies where the system wants it, unless XDG_STATE_HOME is an absolute path', { skip: process.platform !== 'linux' }, () => {
  assert.equal(stateFolder({ XDG_STATE_HOME: '/s' }, '/h'), '/s/mcpreach');
  assert.equal(stateFolder({ XDG_STATE_HOME: 's' }, '/h'), '/h/.local/state/mcpreach');
  assert.equal(stateFolder({}, '/h'), '/h/.local/state/mcpreach');
});
