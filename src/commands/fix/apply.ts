/** Brings files to what a set of mends makes of them, and back. */
import type { Mend } from '../../model/config.ts';
import type { DocumentFormat } from '../../model/document.ts';
import { type FileErrorCode, type FileFailure, type ReadFile, readVersioned, writeAtomically } from '../../system/atomic-file.ts';
import { type Backup, discardBackup, saveBackup } from '../../system/backups.ts';
import { today } from '../../system/clock.ts';
import { filesOf, planErrorWords, planFile } from './plan.ts';

/** Why a mend is not as it was asked for, as a clause. */
export interface Refusal {
  readonly mend: Mend;
  readonly reason: string;
}

/** One round of mends over the files they concern. */
export interface Round {
  /**
   * Makes the files say exactly these mends beyond what they said when the round began. Told are those that could not be
   * made, and those that could not be taken back.
   */
  settle(mends: readonly Mend[]): Promise<readonly Refusal[]>;
}

/** All files that a run of `fix` writes. One backup is kept for each: the file as it was before the run. */
export interface Workbench {
  openRound(): Round;
  /** A file's text as this run sees it; a refusal as a clause. */
  read(file: string): Promise<{ readonly text: string } | { readonly reason: string }>;
  /** The backup of a file that this run has changed. */
  backupOf(file: string): Backup | null;
}

interface Held {
  readonly original: ReadFile;
  /** As the file is now, by our last reading or writing. */
  current: ReadFile;
  backup: Backup | null;
}

/** Made before the files are diagnosed: one that was written since is not the one that was diagnosed, and is left alone. */
export function openWorkbench(state: string, formatOf: (file: string) => DocumentFormat): Workbench {
  const since = today().getTime();
  const held = new Map<string, Held>();

  async function hold(file: string): Promise<Held | FileFailure> {
    const known = held.get(file);
    if (known !== undefined) return known;
    const read = await readVersioned(file);
    if (read.kind === 'failed') return read;
    if (read.version.mtimeMs > since) return { kind: 'failed', code: 'changed-meanwhile', errno: null };
    const fresh: Held = { original: read, current: read, backup: null };
    held.set(file, fresh);
    return fresh;
  }

  /** Writes a file, its backup first: a kill at any moment leaves a whole file and a backup that can be restored. */
  async function write(file: string, one: Held, text: string): Promise<FileFailure | null> {
    if (text === one.current.text) return null;
    const saved = text === one.original.text ? null : await saveBackup(state, file, one.original, text);
    if (saved !== null && 'kind' in saved) return saved;
    const written = await writeAtomically(file, text, one.current.version, state);
    if (written.kind === 'failed') {
      if (saved !== null) await discardBackup(state, saved.id);
      return written;
    }
    if (one.backup !== null) await discardBackup(state, one.backup.id);
    one.backup = saved;
    one.current = { ...one.current, text, version: written.version };
    return null;
  }

  function openRound(): Round {
    const bases = new Map<string, string>();
    let placed: readonly Mend[] = [];

    async function settle(mends: readonly Mend[]): Promise<readonly Refusal[]> {
      const refused: Refusal[] = [];
      let active: readonly Mend[] = mends;
      const drop = (mend: Mend, reason: string) => {
        refused.push({ mend, reason });
        active = active.filter((other) => other !== mend);
      };
      const files = new Set([...placed, ...mends].flatMap(filesOf));
      for (const file of files) {
        const one = await hold(file);
        if ('original' in one) {
          if (!bases.has(file)) bases.set(file, one.current.text);
        } else for (const mend of active.filter((other) => filesOf(other).includes(file))) drop(mend, failureWords(one));
      }
      // Mends that do not go together with an earlier one are left out.
      const asked = active;
      for (const mend of asked) {
        const before = active.slice(0, active.indexOf(mend) + 1);
        const failed = filesOf(mend)
          .map((file) => planFile(bases.get(file) ?? '', formatOf(file), file, before))
          .find((plan) => 'error' in plan);
        if (failed !== undefined && 'error' in failed) drop(mend, planErrorWords(failed.error));
      }
      const stuck = new Set<string>();
      for (let failure = await writeAll(files, active, stuck); failure !== null; failure = await writeAll(files, active, stuck)) {
        const { file, reason } = failure;
        const concerns = (mend: Mend) => filesOf(mend).includes(file);
        const added = active.filter((mend) => concerns(mend) && !placed.includes(mend));
        // A file that cannot be written takes its new mends out of the other files, too.
        for (const mend of added) drop(mend, reason);
        if (added.length > 0) continue;
        stuck.add(file);
        for (const mend of placed) if (concerns(mend) && !active.includes(mend)) refused.push({ mend, reason });
      }
      placed = active;
      return refused;
    }

    async function writeAll(
      files: ReadonlySet<string>,
      active: readonly Mend[],
      stuck: ReadonlySet<string>,
    ): Promise<{ readonly file: string; readonly reason: string } | null> {
      for (const file of files) {
        const one = held.get(file);
        const base = bases.get(file);
        if (one === undefined || base === undefined || stuck.has(file)) continue;
        const plan = planFile(base, formatOf(file), file, active);
        if ('error' in plan) return { file, reason: planErrorWords(plan.error) };
        const failure = await write(file, one, plan.text);
        if (failure !== null) return { file, reason: failureWords(failure) };
      }
      return null;
    }

    return { settle };
  }

  return {
    openRound,
    async read(file) {
      const one = await hold(file);
      return 'original' in one ? { text: one.current.text } : { reason: failureWords(one) };
    },
    backupOf: (file) => held.get(file)?.backup ?? null,
  };
}

const REASONS: Readonly<Record<FileErrorCode, string>> = {
  missing: 'the file is not there any more',
  'not-a-file': 'it is no ordinary file',
  encoding: 'the file is not UTF-8',
  'dangling-symlink': 'it is a link to a file that is not there',
  'hard-link': 'the file has several names (hard links), and replacing it would part it from the others',
  'changed-meanwhile': 'the file was changed meanwhile and is left as it is',
  locked: 'another run of mcpreach is writing the file',
  'permission-denied': 'this user may not write the file',
  'read-only-file-system': 'the file system is read-only',
  'disk-full': 'the disk is full',
  io: 'the system could not do it',
};

/** Why a file was not read or written, as a clause. */
export function failureWords({ code, errno }: FileFailure): string {
  return code === 'io' && errno !== null ? `${REASONS[code]} (${errno})` : REASONS[code];
}
