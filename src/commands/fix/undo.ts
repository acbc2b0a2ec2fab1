import { UsageError } from '../../model/errors.ts';
import { type Backup, listBackups, restoreBackup } from '../../system/backups.ts';
import { failureWords } from './apply.ts';

/** What came of an undo. */
export type UndoOutcome =
  | { readonly kind: 'restored' | 'unchanged'; readonly backup: Backup }
  /** `reason` is a clause. */
  | { readonly kind: 'refused'; readonly backup: Backup; readonly reason: string };

/**
 * Puts a file back as it was before an edit; without an id the last edit that is still in place.
 * @throws UsageError `no-such-backup`.
 */
export async function undo(state: string, id: string | null): Promise<UndoOutcome> {
  const backups = await listBackups(state);
  const wanted = id === null ? backups : backups.filter((one) => one.id === id);
  let last: UndoOutcome | null = null;
  for (const backup of wanted) {
    last = await restore(state, backup);
    if (last.kind !== 'unchanged') break;
  }
  if (last !== null) return last;
  throw new UsageError(
    'no-such-backup',
    id === null ? 'There is no backup to restore.' : `There is no backup ${id}. See: mcpreach fix --list`,
  );
}

async function restore(state: string, backup: Backup): Promise<UndoOutcome> {
  const outcome = await restoreBackup(state, backup.id);
  switch (outcome.kind) {
    case 'written':
      return { kind: 'restored', backup };
    case 'unchanged':
      return { kind: 'unchanged', backup };
    case 'no-such-backup':
    case 'damaged':
      return { kind: 'refused', backup, reason: `the copy ${backup.copy} is not what was saved` };
    case 'failed': {
      const reason =
        outcome.code === 'changed-meanwhile' ? `the file was changed since; its old content is in ${backup.copy}` : failureWords(outcome);
      return { kind: 'refused', backup, reason };
    }
  }
}
