import type { ConfigCode, ConfigFile, ConfigProblem, EditIntent, Mend } from '../model/config.ts';
import type { DocumentEdit, ParsedDocument, Position } from '../model/document.ts';
import type { Client } from './client.ts';
import type { EntryShape } from './shape.ts';

/** A text as it is being read, with what is needed to point into it. */
export interface Source {
  readonly client: Client;
  readonly shape: EntryShape;
  readonly file: ConfigFile;
  readonly document: ParsedDocument;
  /** The line of a position, secrets masked. */
  readonly lineAt: (position: Position) => string;
}

/** The start of a file, for what concerns all of it. */
export const TOP: Position = { line: 1, column: 1, offset: 0, length: 0 };

/** Where a path stands: the key with `'key'`, else the value; the nearest place above it when it is missing. */
export function placeOf(document: ParsedDocument, path: readonly (string | number)[], what: 'key' | 'value' = 'value'): Position {
  for (let depth = path.length; depth >= 0; depth -= 1) {
    const found = document.positionOf(path.slice(0, depth));
    if (found !== null) return depth === path.length && what === 'value' ? found.value : (found.key ?? found.value);
  }
  return TOP;
}

type Optional = 'severity' | 'certainty' | 'advice' | 'mend' | 'ifReached';
/** Nothing is found fault with that nobody can do anything about. */
export type Mendable = { readonly mend: Mend } | { readonly advice: string };
/** What is wrong with an entry. */
export type EntryFault = {
  readonly code: ConfigCode;
  readonly position: Position;
  readonly summary: string;
} & Partial<Pick<ConfigProblem, Optional>> &
  Mendable;
/** What is wrong with an entry or, without a server, its file. */
export type Fault = EntryFault & { readonly server: string | null };

/** A problem with what is usual: an observed error without a mend. */
export function problemIn({ file, lineAt }: Pick<Source, 'file' | 'lineAt'>, fault: Fault): ConfigProblem {
  return {
    severity: 'error',
    certainty: 'proved',
    advice: null,
    mend: null,
    ifReached: null,
    file,
    line: lineAt(fault.position),
    ...fault,
  };
}

/** Edits of one file under a title. */
export function mendOf(file: ConfigFile, title: string, ...edits: readonly DocumentEdit[]): Mend {
  return { title, edits: edits.map((edit): EditIntent => ({ ...edit, file: file.path })) };
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
