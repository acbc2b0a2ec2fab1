import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type FileFailure, hashOf, type ReadFile, readVersioned, writeAtomically, type WriteOutcome } from './atomic-file.ts';
import { today } from './clock.ts';
import { codeOf } from './error-code.ts';

/** One file as it was before an edit. */
export interface Backup {
  readonly id: string;
  /** Absolute path of the file that was edited. */
  readonly file: string;
  /** Absolute path of the copy, which holds the file's secrets and is readable by its owner only. */
  readonly copy: string;
  /** SHA-256 of the content before and after the edit, in hexadecimal. */
  readonly hash: { readonly before: string; readonly after: string };
  /** ISO 8601. */
  readonly date: string;
  /** Permission bits of the file. */
  readonly mode: number;
}

export type RestoreOutcome =
  | WriteOutcome
  /** The file has the old content already. */
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'no-such-backup' }
  /** The copy is not what was saved. */
  | { readonly kind: 'damaged' };

const MANIFEST = 'manifest.json';
const COPY = 'before';

function backupsFolder(state: string): string {
  return join(state, 'backups');
}

/** Saves a file's content before it is edited. The backup is there as a whole or not at all. */
export async function saveBackup(state: string, file: string, before: ReadFile, after: string): Promise<Backup | FileFailure> {
  const date = today().toISOString();
  const id = `${date.replace(/[-:]|\.\d+/g, '')}-${randomBytes(3).toString('hex')}`;
  const folder = join(backupsFolder(state), id);
  const backup: Backup = {
    id,
    file: resolve(file),
    copy: join(folder, COPY),
    hash: { before: before.version.hash, after: hashOf(after) },
    date,
    mode: before.mode,
  };
  const draft = join(backupsFolder(state), `.${id}`);
  try {
    await mkdir(draft, { recursive: true, mode: 0o700 });
    await writeSynced(join(draft, COPY), before.text);
    const { copy: _, ...manifest } = backup;
    await writeSynced(join(draft, MANIFEST), `${JSON.stringify({ schema: 'mcpreach.backup/1', ...manifest }, null, 2)}\n`);
    await rename(draft, folder);
    return backup;
  } catch (error) {
    const errno = codeOf(error);
    if (errno === null) throw error;
    await rm(draft, { recursive: true, force: true });
    return { kind: 'failed', code: errno === 'ENOSPC' || errno === 'EDQUOT' ? 'disk-full' : 'io', errno };
  }
}

async function writeSynced(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(text, 'utf8');
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Removes a backup whose edit was not made. */
export async function discardBackup(state: string, id: string): Promise<void> {
  if (isId(id)) await rm(join(backupsFolder(state), id), { recursive: true, force: true });
}

/** All backups, newest first. */
export async function listBackups(state: string): Promise<readonly Backup[]> {
  let names: readonly string[];
  try {
    names = await readdir(backupsFolder(state));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
  const backups = await Promise.all(names.filter(isId).map((id) => readManifest(state, id)));
  return backups.filter((backup) => backup !== null).sort((a, b) => b.date.localeCompare(a.date) || b.id.localeCompare(a.id));
}

/** Ids name folders, so nothing else may be in them. */
function isId(text: string): boolean {
  return /^\d{8}T\d{6}Z-[0-9a-f]{6}$/.test(text);
}

async function readManifest(state: string, id: string): Promise<Backup | null> {
  const folder = join(backupsFolder(state), id);
  try {
    const manifest: unknown = JSON.parse(await readFile(join(folder, MANIFEST), 'utf8'));
    if (!isManifest(manifest) || manifest.id !== id) return null;
    const { file, hash, date, mode } = manifest;
    return { id, file, copy: join(folder, COPY), hash, date, mode };
  } catch (error) {
    if (codeOf(error) === null && !(error instanceof SyntaxError)) throw error;
    return null;
  }
}

function isManifest(value: unknown): value is Omit<Backup, 'copy'> {
  if (typeof value !== 'object' || value === null) return false;
  const { id, file, hash, date, mode } = value as Partial<Record<keyof Backup, unknown>>;
  const hashes = typeof hash === 'object' && hash !== null && 'before' in hash && 'after' in hash ? [hash.before, hash.after] : [];
  return [id, file, date, ...hashes].every((text) => typeof text === 'string') && hashes.length === 2 && typeof mode === 'number';
}

/** Puts the old content back, unless the file has been changed since the edit. */
export async function restoreBackup(state: string, id: string): Promise<RestoreOutcome> {
  const backup = isId(id) ? await readManifest(state, id) : null;
  if (backup === null) return { kind: 'no-such-backup' };
  const copy = await readVersioned(backup.copy);
  if (copy.kind !== 'read' || copy.version.hash !== backup.hash.before) return { kind: 'damaged' };
  const current = await readVersioned(backup.file);
  if (current.kind === 'failed') return current;
  if (current.version.hash === backup.hash.before) return { kind: 'unchanged' };
  if (current.version.hash !== backup.hash.after) return { kind: 'failed', code: 'changed-meanwhile', errno: null };
  return writeAtomically(backup.file, copy.text, current.version, state);
}
