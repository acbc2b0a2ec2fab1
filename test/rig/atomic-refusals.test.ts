import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { readVersioned, writeAtomically } from '../../src/system/atomic-file.ts';

const ONCE = fileURLToPath(new URL('./atomic-once.js', import.meta.url));
const NOBODY = 65_534;
const asRoot = { skip: process.platform !== 'linux' || process.getuid?.() !== 0 };

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mcpreach-refusals-'));
  await chmod(folder, 0o755);
});
after(() => rm(folder, { recursive: true, force: true }));

/** A folder on a small file system of its own; null where mounting is not allowed. */
async function mounted(context: TestContext, name: string, options: string): Promise<string | null> {
  const place = join(folder, name);
  await mkdir(place);
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', place]).status !== 0) {
    context.skip('mounting is not allowed here');
    return null;
  }
  context.after(() => void spawnSync('umount', [place]));
  return place;
}

async function outcomeAs(user: number, file: string, state: string): Promise<unknown> {
  const { stdout } = await promisify(execFile)(process.execPath, [ONCE, file, state, 'new'], { uid: user, gid: user });
  return JSON.parse(stdout) as unknown;
}

test('a full disk leaves the old file and nothing else', asRoot, async (context) => {
  const place = await mounted(context, 'full', 'size=128k');
  if (place === null) return;
  const file = join(place, 'config.json');
  await writeFile(file, 'old');
  const read = await readVersioned(file);
  assert.equal(read.kind, 'read');
  if (read.kind !== 'read') return;
  assert.deepEqual(await writeAtomically(file, 'x'.repeat(1_000_000), read.version, join(folder, 'state')), {
    kind: 'failed',
    code: 'disk-full',
    errno: 'ENOSPC',
  });
  assert.equal(await readFile(file, 'utf8'), 'old');
  assert.deepEqual(await readdir(place), ['config.json']);
});

test('a file system that is mounted read-only is named as the reason', asRoot, async (context) => {
  const place = await mounted(context, 'read-only', 'size=128k');
  if (place === null) return;
  const file = join(place, 'config.json');
  await writeFile(file, 'old');
  assert.equal(spawnSync('mount', ['-o', 'remount,ro', place]).status, 0);
  const read = await readVersioned(file);
  assert.equal(read.kind, 'read');
  if (read.kind !== 'read') return;
  assert.deepEqual(await writeAtomically(file, 'new', read.version, join(folder, 'state')), {
    kind: 'failed',
    code: 'read-only-file-system',
    errno: 'EROFS',
  });
});

test('without permission nothing is written: unreadable, read-only, in a closed folder, or of another owner', asRoot, async () => {
  const state = join(folder, 'state-of-nobody');
  const home = join(folder, 'home');
  const closed = join(folder, 'closed');
  for (const place of [state, home, closed]) await mkdir(place);
  await chown(state, NOBODY, NOBODY);
  await chown(home, NOBODY, NOBODY);
  const files = {
    unreadable: { path: join(home, 'unreadable.json'), owner: 0, mode: 0o600 },
    readOnly: { path: join(home, 'read-only.json'), owner: NOBODY, mode: 0o400 },
    closed: { path: join(closed, 'config.json'), owner: NOBODY, mode: 0o600 },
    foreign: { path: join(home, 'foreign.json'), owner: 0, mode: 0o666 },
  };
  for (const [name, { path, owner, mode }] of Object.entries(files)) {
    await writeFile(path, 'old');
    await chown(path, owner, owner);
    await chmod(path, mode);
    const outcome = (await outcomeAs(NOBODY, path, state)) as { readonly code?: string };
    assert.equal(outcome.code, 'permission-denied', name);
    assert.equal(await readFile(path, 'utf8'), 'old', name);
  }
  assert.deepEqual(
    (await readdir(home)).filter((name) => name.startsWith('.')),
    [],
  );
});
