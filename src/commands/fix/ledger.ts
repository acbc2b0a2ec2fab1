/** What was done for which target, and the report that says so. */
import type { Mend } from '../../model/config.ts';
import type { Report, ReportFix, ReportTarget } from '../../model/report.ts';
import type { Draft } from './drafts.ts';
import type { Patient } from './plan.ts';
import type { Diagnosed } from './ports.ts';

export type Fate = Partial<Pick<ReportFix, 'applied' | 'verified' | 'rolledBack' | 'error'>>;

export interface Ledger {
  enter(patients: readonly Patient[], mend: Mend, drafts: readonly Draft[], fate: Fate): void;
  /** The diagnosis with all entries, each on its target. */
  close(diagnosed: Diagnosed, backupOf: (file: string) => string | null): Report;
  /** Whether an edit could not be made or was taken back. */
  hasFailures(): boolean;
}

export function openLedger(): Ledger {
  const entries = new Map<string, ReportFix[]>();
  return {
    enter(patients, { title }, drafts, fate) {
      for (const { key, target } of patients) {
        const cause = target.cause ?? target.findings.find(({ severity }) => severity === 'warning')?.cause ?? null;
        const fresh = drafts.map(
          ({ file, diff, reason }): ReportFix => ({
            cause,
            file,
            title,
            diff,
            backup: null,
            applied: false,
            verified: false,
            rolledBack: false,
            error: reason,
            ...fate,
          }),
        );
        entries.set(key, [...(entries.get(key) ?? []), ...fresh]);
      }
    },
    close({ report, patients }, backupOf) {
      const known = new Set(patients.map(({ key }) => key));
      // A file that became readable has its servers for targets now: what was done about it is told with the first of them.
      const orphans = new Set([...entries].filter(([key]) => !known.has(key)).flatMap(([, list]) => list));
      const targets = patients.map(({ key, target, file }): ReportTarget => {
        const adopted = [...orphans].filter((one) => one.file === file);
        for (const one of adopted) orphans.delete(one);
        const fixes = [...adopted, ...(entries.get(key) ?? [])];
        return { ...target, fixes: fixes.map((one) => (one.verified ? { ...one, backup: backupOf(one.file) } : one)) };
      });
      const count = (status: ReportTarget['status']) => targets.filter((target) => target.status === status).length;
      return {
        ...report,
        targets,
        summary: { ok: count('ok'), warning: count('warning'), failed: count('failed'), skipped: count('skipped') },
      };
    },
    hasFailures: () => [...entries.values()].flat().some(({ error }) => error !== null),
  };
}

/** A diagnosis with the targets of some files in place of what was known of them. */
export function updated(old: Diagnosed, fresh: Diagnosed, files: ReadonlySet<string>): Diagnosed {
  const placed = new Set<string>();
  const patients: Patient[] = [];
  const place = (one: Patient) => {
    if (!placed.has(one.key)) patients.push(one);
    placed.add(one.key);
  };
  for (const patient of old.patients) {
    const isStale = patient.file !== null && files.has(patient.file);
    if (!isStale) place(patient);
    // New targets of a file come where its first target was, so that the order stays.
    else for (const one of fresh.patients) if (one.file === patient.file) place(one);
  }
  for (const one of fresh.patients) place(one);
  return { report: { ...old.report, durationMs: old.report.durationMs + fresh.report.durationMs }, patients };
}
