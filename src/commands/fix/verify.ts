/** Whether a target is better off after a mend. Pure. */
import type { Severity } from '../../model/cause.ts';
import type { Mend } from '../../model/config.ts';
import { LAYERS } from '../../model/layer.ts';
import type { ReportTarget, TargetStatus } from '../../model/report.ts';
import { filesOf, type Patient, type Proposal } from './plan.ts';

/** What is skipped was not seen failing. */
const STATUSES: Readonly<Record<TargetStatus, number>> = { failed: 0, skipped: 1, warning: 2, ok: 3 };

/** Status first, then how far the way leads, then how much is still wrong; more is better. */
function rank({ status, path, findings }: ReportTarget): readonly number[] {
  const broken = path.find((step) => step.status === 'failed')?.layer;
  const count = (severity: Severity) => findings.filter((finding) => finding.severity === severity && finding.hiddenBy === null).length;
  return [
    STATUSES[status],
    status === 'failed' && broken !== undefined ? LAYERS.indexOf(broken) : LAYERS.length,
    -count('error'),
    -count('warning'),
  ];
}

/** Better: a better status, a verdict at a later layer, or fewer faults. */
export function isBetter(before: ReportTarget, after: ReportTarget): boolean {
  const [old, now] = [rank(before), rank(after)];
  const at = old.findIndex((value, index) => value !== now[index]);
  return at !== -1 && (now[at] ?? 0) > (old[at] ?? 0);
}

/** Whether a mend made a target better, by a second diagnosis. */
export function hasImproved(before: Patient, mend: Mend, after: readonly Patient[]): boolean {
  const same = after.find(({ key }) => key === before.key) ?? movedTo(before, mend, after);
  if (same !== undefined) return isBetter(before.target, same.target);
  const heirs = heirsOf(before, mend, after);
  if (heirs.length > 0) return heirs.every(({ target }) => isBetter(before.target, target));
  if (!standsForFile(before)) return false;
  // A file that could not be read as a whole has its servers for targets now.
  const inside = after.filter(({ file, target }) => file === before.file && target.client === before.target.client);
  return inside.every(({ target }) => isBetter(before.target, target));
}

/** The target under its new name, or in its new file. */
function movedTo({ target, file }: Patient, mend: Mend, after: readonly Patient[]): Patient | undefined {
  const rename = mend.edits.find((edit) => edit.op === 'rename-key' && edit.path.at(-1) === target.name);
  const name = rename?.op === 'rename-key' ? rename.value : target.name;
  const files = filesOf(mend);
  return after.find(
    (one) =>
      one.target.client === target.client &&
      one.target.name === name &&
      (one.file === file || (one.file !== null && files.includes(one.file))),
  );
}

/** The targets that a mend moved out of this one and into its place. */
function heirsOf({ target, file }: Patient, { edits }: Mend, after: readonly Patient[]): readonly Patient[] {
  const isGone = edits.some((edit) => edit.op === 'delete' && edit.path.at(-1) === target.name);
  const names = isGone ? edits.flatMap((edit) => (edit.op === 'insert' ? [edit.path.at(-1)] : [])) : [];
  return after.filter((one) => one.file === file && one.target.client === target.client && names.includes(one.target.name));
}

/** Whether the target stands for a file that yields none by itself. */
function standsForFile({ target }: Patient): boolean {
  return target.transport === null && target.source !== null && target.name === target.source.file;
}

/** Whether a target has a worse status than before, or is gone. */
function hasWorsened(before: Patient, after: readonly Patient[]): boolean {
  const same = after.find(({ key }) => key === before.key);
  if (same === undefined) return !standsForFile(before);
  return STATUSES[same.target.status] < STATUSES[before.target.status];
}

/** The mends that helped none of their targets, and those beside which a target got worse. */
export function harmful(proposals: readonly Proposal[], before: readonly Patient[], after: readonly Patient[]): ReadonlySet<Mend> {
  const touched = new Set(proposals.flatMap(({ mend }) => filesOf(mend)));
  const worse = before.filter((patient) => patient.file !== null && touched.has(patient.file) && hasWorsened(patient, after));
  return new Set(
    proposals
      .filter(({ mend, patients }) => {
        if (!patients.some((patient) => hasImproved(patient, mend, after))) return true;
        // Only an edit beyond one entry can harm its neighbours.
        const isWide = patients.length > 1 || patients.some(standsForFile);
        const files = filesOf(mend);
        return worse.some(
          ({ key, file }) =>
            isWide &&
            file !== null &&
            files.includes(file) &&
            !patients.some((own) => own.key === key && movedTo(own, mend, after) !== undefined),
        );
      })
      .map(({ mend }) => mend),
  );
}
