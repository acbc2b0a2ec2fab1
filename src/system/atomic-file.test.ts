import assert from 'node:assert/strict';
import { chmod, link, lstat, mkdtemp, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type ReadFile, readVersioned, writeAtomically } from './atomic-file.ts';

let folder = '';
let state = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mcpreach-file-'));
  state = join(folder, 'state');
});
after(() => rm(folder, { recursive: true, force: true }));

async function read(path: string): Promise<ReadFile> {
  const file = await readVersioned(path);
  if (file.kind !== 'read') throw new Error(file.code);
  return file;
}

async function failureOf(path: string): Promise<string> {
  const file = await readVersioned(path);
  return file.kind === 'failed' ? file.code : file.kind;
}

const posix = { skip: process.platform === 'win32' };

test('the new text is written with the mode of the old file, and nothing is left beside it', posix, async () => {
  const path = join(folder, 'plain.json');
  await writeFile(path, '\uFEFFold\r\n');
  await chmod(path, 0o640);
  const before = await read(path);
  assert.equal(before.text, '\uFEFFold\r\n');
  assert.equal(before.mode, 0o640);
  const outcome = await writeAtomically(path, '\uFEFFnew\r\n', before.version, state);
  assert.equal(outcome.kind, 'written');
  assert.equal(await readFile(path, 'utf8'), '\uFEFFnew\r\n');
  assert.equal((await stat(path)).mode & 0o7777, 0o640);
  assert.deepEqual(outcome.kind === 'written' && outcome.version, (await read(path)).version);
  assert.deepEqual(
    (await readdir(folder)).filter((name) => name.startsWith('.')),
    [],
  );
  assert.deepEqual(await readdir(join(state, 'locks')), []);
});

test('owner and group stay, also when root edits the file of a user', { skip: process.getuid?.() !== 0 }, async () => {
  const path = join(folder, 'owned.json');
  await writeFile(path, 'old');
  const { chown } = await import('node:fs/promises');
  await chown(path, 12_345, 23_456);
  assert.equal((await writeAtomically(path, 'new', (await read(path)).version, state)).kind, 'written');
  const { uid, gid } = await stat(path);
  assert.deepEqual([uid, gid], [12_345, 23_456]);
});

test('behind a symbolic link the target is replaced and the link stays', posix, async () => {
  const target = join(folder, 'target.json');
  const path = join(folder, 'link.json');
  await writeFile(target, 'old');
  await symlink('target.json', path);
  assert.equal((await writeAtomically(path, 'new', (await read(path)).version, state)).kind, 'written');
  assert.ok((await lstat(path)).isSymbolicLink());
  assert.equal(await readFile(target, 'utf8'), 'new');
});

test('what cannot be replaced safely is refused with its reason', posix, async () => {
  const dangling = join(folder, 'dangling.json');
  await symlink('nowhere.json', dangling);
  assert.equal(await failureOf(dangling), 'dangling-symlink');
  assert.equal(await failureOf(join(folder, 'none.json')), 'missing');
  assert.equal(await failureOf(folder), 'not-a-file');
  const foreign = join(folder, 'utf16.json');
  await writeFile(foreign, Buffer.from('\uFEFF{}', 'utf16le'));
  assert.equal(await failureOf(foreign), 'encoding');

  const one = join(folder, 'one.json');
  await writeFile(one, 'shared');
  await link(one, join(folder, 'two.json'));
  assert.deepEqual(await writeAtomically(one, 'new', (await read(one)).version, state), { kind: 'failed', code: 'hard-link', errno: null });
  assert.equal(await readFile(one, 'utf8'), 'shared');
});

test('a file that was changed since it was read is left alone', async () => {
  const path = join(folder, 'changed.json');
  await writeFile(path, 'old');
  const { version } = await read(path);
  await writeFile(path, 'mine');
  assert.deepEqual(await writeAtomically(path, 'new', version, state), { kind: 'failed', code: 'changed-meanwhile', errno: null });
  assert.equal(await readFile(path, 'utf8'), 'mine');
});

test('the lock of a dead run does not stand in the way, nor do its leftovers', async () => {
  const path = join(folder, 'stale.json');
  await writeFile(path, 'old');
  const { version } = await read(path);
  await writeAtomically(path, 'old', version, state);
  const { createHash } = await import('node:crypto');
  const { hostname } = await import('node:os');
  const { realpath } = await import('node:fs/promises');
  const name = createHash('sha256')
    .update(await realpath(path))
    .digest('hex')
    .slice(0, 32);
  const lock = join(state, 'locks', `${name}.lock`);
  // No system gives out process ids this large.
  await writeFile(lock, `999999999 abc ${hostname()}`);
  await writeFile(`${lock}.999999999-abc`, 'waiting');
  await writeFile(join(folder, '.stale.json.mcpreach-999999999-abc'), 'half');
  assert.equal((await writeAtomically(path, 'new', version, state)).kind, 'written');
  assert.equal(await readFile(path, 'utf8'), 'new');
  assert.deepEqual(
    (await readdir(folder)).filter((entry) => entry.startsWith('.stale')),
    [],
  );
  assert.deepEqual(await readdir(join(state, 'locks')), []);

  // A process id that lives again belongs to somebody else once the lock is old.
  await writeFile(lock, `${process.pid} abc ${hostname()}`);
  const old = Date.now() / 1000 - 600;
  await utimes(lock, old, old);
  assert.equal((await writeAtomically(path, 'newer', (await read(path)).version, state)).kind, 'written');
});

test('of many writers at once each sees the state it read, or refuses', async () => {
  const path = join(folder, 'race.json');
  await writeFile(path, 'old');
  const { version } = await read(path);
  const outcomes = await Promise.all(Array.from({ length: 8 }, (_, index) => writeAtomically(path, `new ${index}`, version, state)));
  assert.equal(outcomes.filter(({ kind }) => kind === 'written').length, 1);
  const codes = outcomes.flatMap((outcome) => (outcome.kind === 'failed' ? [outcome.code] : []));
  assert.deepEqual(new Set(codes), new Set(['changed-meanwhile']));
});
