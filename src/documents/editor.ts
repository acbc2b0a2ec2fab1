import type { DocumentPath } from '../model/document.ts';
import type { Splice } from './splice.ts';
import type { TreeNode } from './tree.ts';

export interface Source {
  readonly text: string;
  readonly root: TreeNode | null;
}

/** Ways to bring an edit about, best first; the first one that reads back as intended is taken. */
export type Candidates = readonly (readonly Splice[])[];

/** Plans one change by splicing; what it plans is checked by reading the result. */
export interface Editor {
  set(source: Source, path: DocumentPath, value: unknown): Candidates;
  insert(source: Source, path: DocumentPath, value: unknown): Candidates;
  delete(source: Source, path: DocumentPath): Candidates;
  rename(source: Source, path: DocumentPath, name: string): Candidates;
}
