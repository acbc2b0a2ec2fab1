import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { foldersOf, lookUp, readWorkingDirectory } from './executables.ts';

const posix = { skip: process.platform === 'win32' ? 'POSIX only' : false };
const folder = mkdtempSync(join(tmpdir(), 'mcpreach-look-'));
after(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string, mode: number): string {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

test('folders of a PATH', () => {
  assert.deepEqual(foldersOf('/a::/b', 'linux'), ['/a', '', '/b']);
  assert.deepEqual(foldersOf(undefined, 'linux'), ['/usr/bin', '/bin']);
  assert.deepEqual(foldersOf('C:\\a;;"C:\\b c"', 'win32'), ['C:\\a', 'C:\\b c']);
});

test('the first file that can be run wins, also behind one that cannot', posix, () => {
  file('one/tool', 'x', 0o644);
  const tool = file('two/tool', '#!/usr/bin/env -S sh -e\n', 0o755);
  const path = `${join(folder, 'one')}:${join(folder, 'two')}:/bin:/usr/bin`;
  const found = lookUp('tool', { path, cwd: folder });
  assert.equal(found.kind === 'found' && found.path, tool);
  assert.equal(found.kind === 'found' && found.shebang?.interpreter, 'sh');
  assert.deepEqual(lookUp('tool', { path: join(folder, 'one'), cwd: folder }), {
    kind: 'not-executable',
    path: join(folder, 'one', 'tool'),
    why: 'mode',
  });
  assert.deepEqual(lookUp('none', { path, cwd: folder }), { kind: 'missing', folders: 4 });
  assert.equal(lookUp('./two/tool', { path: '', cwd: folder }).kind, 'found');
});

test('links are followed and told', posix, () => {
  const real = file('real', '\u007fELF', 0o755);
  symlinkSync(real, join(folder, 'first'));
  symlinkSync('first', join(folder, 'second'));
  const found = lookUp(join(folder, 'second'), { path: '', cwd: '/' });
  assert.deepEqual(found.kind === 'found' && found.links, [join(folder, 'first'), real]);
  symlinkSync('third', join(folder, 'third'));
  assert.equal(lookUp(join(folder, 'third'), { path: '', cwd: '/' }).kind, 'not-executable');
});

test('working directories', posix, () => {
  assert.equal(readWorkingDirectory(folder).state, 'ok');
  assert.deepEqual(readWorkingDirectory(join(folder, 'a', 'b')), { path: join(folder, 'a', 'b'), state: 'missing', nearest: folder });
  assert.equal(readWorkingDirectory(file('plain', '', 0o644)).state, 'not-a-directory');
});
