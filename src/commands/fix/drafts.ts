import { unifiedDiff } from '../../documents/diff.ts';
import { maskDocument } from '../../documents/mask.ts';
import type { Mend } from '../../model/config.ts';
import type { DocumentFormat } from '../../model/document.ts';
import type { Workbench } from './apply.ts';
import { filesOf, planErrorWords, planFile } from './plan.ts';

/** What a mend by itself changes in one file. */
export interface Draft {
  readonly file: string;
  /** Unified, secrets masked; null when the edit cannot be planned. */
  readonly diff: string | null;
  /** Why it cannot be planned, as a clause; null when it can. */
  readonly reason: string | null;
}

/** A mend's drafts, one for each of its files, against the files as they are now. */
export function draftsOf(mend: Mend, bench: Workbench, formatOf: (file: string) => DocumentFormat): Promise<readonly Draft[]> {
  return Promise.all(
    filesOf(mend).map(async (file): Promise<Draft> => {
      const read = await bench.read(file);
      if ('reason' in read) return { file, diff: null, reason: read.reason };
      const format = formatOf(file);
      const plan = planFile(read.text, format, file, [mend]);
      if ('error' in plan) return { file, diff: null, reason: planErrorWords(plan.error) };
      return { file, diff: unifiedDiff(file, maskDocument(read.text, format), maskDocument(plan.text, format)), reason: null };
    }),
  );
}
