/** The text of a config file as data: what it says, where it says it, and what is to be changed in it. */

export type DocumentFormat = 'json' | 'jsonc' | 'json5' | 'toml' | 'yaml';

/** Keys of objects and indices of arrays, from the root down. */
export type DocumentPath = readonly (string | number)[];

/** A stretch of a text. Lines and columns count from 1; columns, offset and length are in UTF-16 units; a byte order mark takes no column. */
export interface Position {
  readonly line: number;
  readonly column: number;
  readonly offset: number;
  readonly length: number;
}

/** What is wrong with a text; `comment`, `trailing-comma` and `bom` are faults in strict JSON only. */
export type DocumentErrorCode = 'syntax' | 'comment' | 'trailing-comma' | 'duplicate-key' | 'bom' | 'tab-indent' | 'bad-escape';

export interface DocumentError {
  readonly code: DocumentErrorCode;
  readonly position: Position;
  /** A sentence without values of the file, so that it can be shown. */
  readonly message: string;
}

export interface ParsedDocument {
  /** What could be read, in plain objects and arrays; undefined when there is nothing. */
  readonly value: unknown;
  /** In order of position. */
  readonly errors: readonly DocumentError[];
  /** Where a key and its value stand; null when the path leads nowhere. An item of an array and the root have no key. */
  positionOf(path: DocumentPath): { readonly key: Position | null; readonly value: Position } | null;
}

/** One change to a text, planned without I/O. */
export type DocumentEdit =
  /** Replaces the value at an existing path. Objects and arrays are changed where they differ, so that their comments stay. */
  | { readonly op: 'set'; readonly path: DocumentPath; readonly value: unknown }
  /** Adds a key at the end of its object, with the objects above it that are missing, or an item before the one that has this index. */
  | { readonly op: 'insert'; readonly path: DocumentPath; readonly value: unknown }
  | { readonly op: 'delete'; readonly path: DocumentPath }
  /** Gives the key at a path another name, in its place. */
  | { readonly op: 'rename-key'; readonly path: DocumentPath; readonly value: string }
  /** Replaces text at an offset of the original text; the values that are read from the file must stay the same. */
  | { readonly op: 'replace-text'; readonly offset: number; readonly length: number; readonly value: string };

/** Why edits were not planned; the text is to be left as it is. */
export type EditError =
  /** A path to be changed is not there. */
  | 'path-missing'
  /** A key to be added is there already. */
  | 'path-exists'
  /** No text was found that says exactly what is intended and nothing else. */
  | 'edit-not-safe';
