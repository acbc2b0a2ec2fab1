import { createHash, randomBytes } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { access, lstat, open, readdir, readFile, realpath, rename, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { sleep } from './clock.ts';
import { codeOf } from './error-code.ts';
import { lockFile } from './file-lock.ts';

/** What tells one state of a file from another. */
export interface FileVersion {
  readonly mtimeMs: number;
  readonly size: number;
  /** SHA-256 of the content, in hexadecimal. */
  readonly hash: string;
}

export interface ReadFile {
  readonly kind: 'read';
  /** Includes a byte order mark if there is one. */
  readonly text: string;
  readonly version: FileVersion;
  /** Permission bits. */
  readonly mode: number;
}

export type FileErrorCode =
  | 'missing'
  | 'not-a-file'
  /** Not UTF-8, so that writing it back would change what was not edited. */
  | 'encoding'
  /** A link to a file that is not there. */
  | 'dangling-symlink'
  /** The file has several names, and replacing it under one would part it from the others. */
  | 'hard-link'
  | 'changed-meanwhile'
  /** Another run of this program is writing the file. */
  | 'locked'
  | 'permission-denied'
  | 'read-only-file-system'
  | 'disk-full'
  | 'io';

export interface FileFailure {
  readonly kind: 'failed';
  readonly code: FileErrorCode;
  /** The system's own word, such as ENOSPC, where there is one. */
  readonly errno: string | null;
}

const BY_ERRNO: Readonly<Record<string, FileErrorCode>> = {
  ENOENT: 'missing',
  ENOTDIR: 'missing',
  EISDIR: 'not-a-file',
  ELOOP: 'dangling-symlink',
  EACCES: 'permission-denied',
  EPERM: 'permission-denied',
  EROFS: 'read-only-file-system',
  ENOSPC: 'disk-full',
  EDQUOT: 'disk-full',
};

/** An expected failure on its way to becoming a value. */
class Refusal extends Error {
  readonly code: FileErrorCode;

  constructor(code: FileErrorCode) {
    super(code);
    this.code = code;
  }
}

/** Runs `action`; errors of the system become values, everything else is a bug and is thrown. */
async function guarded<T>(action: () => Promise<T>): Promise<T | FileFailure> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof Refusal) return { kind: 'failed', code: error.code, errno: null };
    const errno = codeOf(error);
    if (errno === null || errno.startsWith('ERR_')) throw error;
    return { kind: 'failed', code: BY_ERRNO[errno] ?? 'io', errno };
  }
}

export function hashOf(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** Reads a text file together with what is needed to notice that it changed. */
export function readVersioned(path: string): Promise<ReadFile | FileFailure> {
  return guarded(async () => {
    const target = await targetOf(path);
    const { bytes, stats, version } = await snapshot(target);
    const text = bytes.toString('utf8');
    if (!Buffer.from(text, 'utf8').equals(bytes)) throw new Refusal('encoding');
    return { kind: 'read', text, version, mode: stats.mode & 0o7777 };
  });
}

async function snapshot(target: string): Promise<{ readonly bytes: Buffer; readonly stats: Stats; readonly version: FileVersion }> {
  const stats = await stat(target);
  // Reading a pipe or a device could wait for ever.
  if (!stats.isFile()) throw new Refusal('not-a-file');
  const bytes = await readFile(target);
  return { bytes, stats, version: { mtimeMs: stats.mtimeMs, size: bytes.length, hash: hashOf(bytes) } };
}

/** The file that a path means, behind all symbolic links. */
async function targetOf(path: string): Promise<string> {
  const isLink = (await lstat(path)).isSymbolicLink();
  try {
    return await realpath(path);
  } catch (error) {
    if (isLink && codeOf(error) === 'ENOENT') throw new Refusal('dangling-symlink');
    throw error;
  }
}

export type WriteOutcome = { readonly kind: 'written'; readonly version: FileVersion } | FileFailure;

/**
 * Replaces a file's content at one stroke: whoever reads it, and whenever we are killed, finds the whole old or the whole
 * new text. Mode and owner stay; behind a symbolic link its target is replaced. Refuses when the file is not as `expected` any more.
 */
export function writeAtomically(path: string, text: string, expected: FileVersion, state: string): Promise<WriteOutcome> {
  return guarded(async () => {
    const target = await targetOf(path);
    const lock = await lockFile(state, target);
    if (lock === null) throw new Refusal('locked');
    try {
      await removeLeftovers(target);
      return await replace(target, text, expected);
    } finally {
      await lock.release();
    }
  });
}

async function replace(target: string, text: string, expected: FileVersion): Promise<WriteOutcome> {
  const { stats, version } = await snapshot(target);
  if (version.hash !== expected.hash) throw new Refusal('changed-meanwhile');
  if (stats.nlink > 1) throw new Refusal('hard-link');
  // Renaming asks for leave to write the folder only; a file made read-only is meant to stay as it is.
  await access(target, constants.W_OK);
  const temporary = join(dirname(target), `${leftoverPrefix(target)}${process.pid}-${randomBytes(6).toString('hex')}`);
  try {
    await writeWhole(temporary, text, stats);
    const before = await stat(target);
    if (before.mtimeMs !== stats.mtimeMs || before.size !== stats.size || before.ino !== stats.ino) throw new Refusal('changed-meanwhile');
    await renameOver(temporary, target);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
  await syncFolder(dirname(target));
  const { version: written } = await snapshot(target);
  return { kind: 'written', version: written };
}

/** Writes a file like the one described, and sees it onto the disk. */
async function writeWhole(path: string, text: string, { mode, uid, gid }: Stats): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(text, 'utf8');
    const own = await file.stat();
    // Changing the owner clears set-id bits, so the mode comes last.
    if (own.uid !== uid || own.gid !== gid) await file.chown(uid, gid);
    await file.chmod(mode & 0o7777);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Windows refuses while another program, often a virus scanner, has the file open for a moment. */
const RENAME_ATTEMPTS = process.platform === 'win32' ? 10 : 1;

async function renameOver(from: string, to: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await rename(from, to);
    } catch (error) {
      const busy = ['EPERM', 'EACCES', 'EBUSY'].includes(codeOf(error) ?? '');
      if (!busy || attempt >= RENAME_ATTEMPTS) throw error;
      await sleep(50);
    }
  }
}

/** Makes the new name last through a power cut, where the system lets folders be opened. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    // The file is whole either way; Windows and some network file systems know no such thing.
    if (codeOf(error) === null) throw error;
  }
}

function leftoverPrefix(target: string): string {
  return `.${basename(target)}.mcpreach-`;
}

/** Removes temporary files of runs that were killed; whoever holds the lock knows that no other run is writing. */
async function removeLeftovers(target: string): Promise<void> {
  const folder = dirname(target);
  const names = await readdir(folder);
  for (const name of names.filter((candidate) => candidate.startsWith(leftoverPrefix(target)))) await unlink(join(folder, name));
}
