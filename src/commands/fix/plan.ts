/** Which mends to make, and what they make of a file. Pure. */
import { isDeepStrictEqual } from 'node:util';
import { planEdits } from '../../documents/edit.ts';
import type { EditIntent, Mend } from '../../model/config.ts';
import type { DocumentFormat, EditError } from '../../model/document.ts';
import type { ReportTarget } from '../../model/report.ts';

/** One target with what could be done about it, best first, and where it comes from. */
export interface Patient {
  /** The same for the same entry in every diagnosis of a run. */
  readonly key: string;
  readonly target: ReportTarget;
  readonly mends: readonly Mend[];
  /** Absolute path of the config file; null for a target that is in none. */
  readonly file: string | null;
}

/** One mend and every target it is for: a key above all servers is renamed once. */
export interface Proposal {
  readonly mend: Mend;
  readonly patients: readonly Patient[];
}

/** A target that several edits would mend equally well. */
export interface Dilemma {
  readonly patient: Patient;
  readonly mends: readonly Mend[];
}

function mendKey({ edits }: Mend): string {
  return JSON.stringify(edits);
}

/** What tells a mend of one target from that of another. */
export function triedKey(patient: Patient, mend: Mend): string {
  return `${patient.key} ${mendKey(mend)}`;
}

/** One mend for each target that needs one, left out what was tried already. */
export function choose(
  patients: readonly Patient[],
  tried: ReadonlySet<string>,
): { readonly proposals: readonly Proposal[]; readonly dilemmas: readonly Dilemma[] } {
  const proposals = new Map<string, { readonly mend: Mend; readonly patients: Patient[] }>();
  const dilemmas: Dilemma[] = [];
  for (const patient of patients.filter(needsMending)) {
    const [best, ...others] = coursesFor(patient).filter((mend) => !tried.has(triedKey(patient, mend)));
    if (best === undefined) continue;
    const equals = patient.mends.includes(best) ? others.filter((other) => contradicts(best, other)) : [];
    if (equals.length > 0) {
      dilemmas.push({ patient, mends: [best, ...equals] });
      continue;
    }
    const key = JSON.stringify(best.edits);
    const known = proposals.get(key);
    if (known === undefined) proposals.set(key, { mend: best, patients: [patient] });
    else known.patients.push(patient);
  }
  return { proposals: [...proposals.values()], dilemmas };
}

/**
 * What can be done for a target, best first. Faults of a config are mended together, since one that is left keeps the entry
 * from being used; mends of what comes after it stand for each other.
 */
function coursesFor({ target, mends }: Patient): readonly Mend[] {
  const isConfig = target.path.find(({ status }) => status === 'failed')?.layer === 'config';
  const together = [isConfig ? mends : [], mends.filter(isTextual)].filter(
    (some) => some.length > 1 && !some.some((one) => some.some((other) => contradicts(one, other))),
  );
  return [...together.map(joined), ...mends];
}

function joined(mends: readonly Mend[]): Mend {
  const edits = mends.flatMap((mend) => mend.edits);
  const once = edits.filter((edit, index) => edits.findIndex((one) => isDeepStrictEqual(one, edit)) === index);
  // Paths are those of the file as it was diagnosed: a key is renamed after everything below it was edited.
  const depth = (edit: EditIntent) => (edit.op === 'rename-key' ? edit.path.length : Number.POSITIVE_INFINITY);
  const inOrder = once.toSorted((a, b) => (depth(a) === depth(b) ? 0 : depth(b) - depth(a)));
  return { title: [...new Set(mends.map(({ title }) => title))].join('; '), edits: inOrder };
}

function isTextual({ edits }: Mend): boolean {
  return edits.every(({ op }) => op === 'replace-text');
}

/** What works, or is meant not to run, is left alone. */
function needsMending({ target }: Patient): boolean {
  return target.status === 'failed' || target.status === 'warning';
}

/** Whether several mends of the target were joined to this one. */
export function isJoined({ mend, patients }: Proposal): boolean {
  return !patients.some(({ mends }) => mends.some((own) => isDeepStrictEqual(own.edits, mend.edits)));
}

/** Whether two mends would give the same place different values: nothing says which of them is meant. */
function contradicts(one: Mend, other: Mend): boolean {
  return one.edits.some((edit) => other.edits.some((rival) => isSamePlace(edit, rival) && !isDeepStrictEqual(edit, rival)));
}

function isSamePlace(one: EditIntent, other: EditIntent): boolean {
  if (one.file !== other.file || one.op !== other.op) return false;
  if (one.op === 'replace-text' || other.op === 'replace-text') return 'offset' in one && 'offset' in other && one.offset === other.offset;
  return isDeepStrictEqual(one.path, other.path);
}

/** The files that a mend changes. */
export function filesOf({ edits }: Mend): readonly string[] {
  return [...new Set(edits.map(({ file }) => file))];
}

/** A file's text after all mends that concern it, as one change; an error when they do not go together. */
export function planFile(
  text: string,
  format: DocumentFormat,
  file: string,
  mends: readonly Mend[],
): { readonly text: string } | { readonly error: EditError } {
  const { edits } = joined(mends);
  return planEdits(
    text,
    format,
    // Two targets may ask for the very same change; it is made once.
    edits.filter((edit) => edit.file === file),
  );
}

const REASONS: Readonly<Record<EditError, string>> = {
  'path-missing': 'the place to be edited is not in the file',
  'path-exists': 'the key to be added is there already',
  'edit-not-safe': 'no change of the text was found that says exactly this and nothing else',
};

/** Why an edit was not planned, as a clause. */
export function planErrorWords(error: EditError): string {
  return REASONS[error];
}
