import { isDeepStrictEqual } from 'node:util';
import type { DocumentEdit, DocumentErrorCode, DocumentFormat, EditError } from '../model/document.ts';
import type { Editor } from './editor.ts';
import { jsonEditor } from './json-edit.ts';
import { readText } from './read.ts';
import { applySplices, type Splice } from './splice.ts';
import { applyStep, difference, lookUp, plain, type Step } from './steps.ts';
import { tomlEditor } from './toml-edit.ts';
import { valueOf, type Fault, type TreeNode } from './tree.ts';
import { yamlEditor } from './yaml-edit.ts';

const EDITORS = {
  json: jsonEditor('json'),
  jsonc: jsonEditor('jsonc'),
  json5: jsonEditor('json5'),
  toml: tomlEditor,
  yaml: yamlEditor,
} satisfies Record<DocumentFormat, Editor>;

export type EditPlan = { readonly text: string } | { readonly error: EditError };

/** A text as it is read, to be compared with what an edit makes of it. */
interface State {
  readonly text: string;
  readonly root: TreeNode | null;
  readonly value: unknown;
  readonly faults: readonly Fault[];
}

function readState(text: string, format: DocumentFormat): State {
  const { root, faults } = readText(text, format);
  return { text, root, value: plain(valueOf(root)), faults };
}

/**
 * The text after all edits. Only what is edited changes: comments, indentation, line ends, order and everything else stay
 * byte for byte. Each change is read back, and taken only if the file then says exactly what was intended, with no new fault.
 */
export function planEdits(text: string, format: DocumentFormat, edits: readonly DocumentEdit[]): EditPlan {
  const before = readState(text, format);
  const mended = replaceText(before, format, edits);
  if ('error' in mended) return mended;
  let state: State = mended;
  for (const edit of edits) {
    if (edit.op === 'replace-text') continue;
    const steps = stepsOf(state.value, edit);
    if ('error' in steps) return steps;
    for (const step of steps) {
      const next = takeStep(state, format, step);
      if ('error' in next) return next;
      state = next;
    }
  }
  // What stands after a fault of syntax is not known for certain, so no values are changed around one.
  const guessed = edits.some(({ op }) => op !== 'replace-text') && count(state.faults, 'syntax') > 0;
  return guessed ? { error: 'edit-not-safe' } : { text: state.text };
}

/** Texts are replaced first, all at once, since their offsets are those of the original. */
function replaceText(before: State, format: DocumentFormat, edits: readonly DocumentEdit[]): State | { readonly error: EditError } {
  const splices = edits.flatMap((edit): readonly Splice[] =>
    edit.op === 'replace-text' ? [{ start: edit.offset, end: edit.offset + edit.length, text: edit.value }] : [],
  );
  if (splices.length === 0) return before;
  const inOrder = [...splices].sort((a, b) => a.start - b.start);
  const sound = inOrder.every(({ start, end }, index) => {
    const followsLast = start >= (inOrder[index - 1]?.end ?? 0);
    return Number.isInteger(start) && Number.isInteger(end) && followsLast && start <= end && end <= before.text.length;
  });
  if (!sound) return { error: 'edit-not-safe' };
  return judge(before, readState(applySplices(before.text, inOrder), format), before.value) ?? { error: 'edit-not-safe' };
}

function stepsOf(value: unknown, edit: Exclude<DocumentEdit, { op: 'replace-text' }>): readonly Step[] | { readonly error: EditError } {
  if (edit.op === 'set') {
    const known = lookUp(value, edit.path);
    return known === undefined ? { error: 'path-missing' } : difference(known.value, plain(edit.value), edit.path);
  }
  if (edit.op !== 'insert') return [edit];
  // Objects that are missing on the way are added with the key.
  for (let depth = 1; depth < edit.path.length; depth += 1) {
    if (lookUp(value, edit.path.slice(0, depth)) !== undefined) continue;
    const rest = edit.path.slice(depth);
    if (rest.some((key) => typeof key === 'number')) return { error: 'path-missing' };
    const wrapped = rest.reduceRight<unknown>((inner, key) => ({ [key]: inner }), edit.value);
    return [{ op: 'insert', path: edit.path.slice(0, depth), value: wrapped }];
  }
  return [edit];
}

function takeStep(state: State, format: DocumentFormat, step: Step): State | { readonly error: EditError } {
  const intended = applyStep(state.value, step);
  if ('error' in intended) return intended;
  for (const splices of candidates(EDITORS[format], state, step)) {
    const next = readState(applySplices(state.text, splices), format);
    const judged = judge(state, next, intended.value);
    if (judged !== null) return judged;
  }
  return { error: 'edit-not-safe' };
}

function candidates(editor: Editor, state: State, step: Step): ReturnType<Editor['set']> {
  switch (step.op) {
    case 'set':
      return editor.set(state, step.path, step.value);
    case 'insert':
      return editor.insert(state, step.path, step.value);
    case 'delete':
      return editor.delete(state, step.path);
    case 'rename-key':
      return editor.rename(state, step.path, step.value);
  }
}

/** The new state if it says what is intended and has no fault that was not there before. */
function judge(before: State, after: State, intended: unknown): State | null {
  const codes = new Set<DocumentErrorCode>(after.faults.map(({ code }) => code));
  const worse = [...codes].some((code) => count(after.faults, code) > count(before.faults, code));
  return worse || !isDeepStrictEqual(after.value, intended) ? null : after;
}

function count(faults: readonly Fault[], code: DocumentErrorCode): number {
  return faults.filter((fault) => fault.code === code).length;
}
