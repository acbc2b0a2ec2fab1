import type { AST } from 'toml-eslint-parser';
import type { DocumentPath } from '../model/document.ts';
import { headerEnd, nameOf, parseToml, spanOf } from './toml.ts';
import type { Span } from './tree.ts';

/** Where TOML says things: one table may be written in several places, by headers and by dotted keys. */

/** A `key = value` with the path it stands for. */
export interface Pair {
  readonly node: AST.TOMLKeyValue;
  readonly path: DocumentPath;
  /** The path of the table whose lines it is among. */
  readonly table: DocumentPath;
}

/** A `[header]` with its lines. */
export interface Section {
  readonly node: AST.TOMLTable;
  readonly path: DocumentPath;
  /** From the header's bracket to the end of its last pair. */
  readonly span: Span;
}

export interface Places {
  readonly pairs: readonly Pair[];
  readonly sections: readonly Section[];
}

/** Null when the text has a fault. */
export function placesOf(text: string): Places | null {
  const parsed = parseToml(text);
  if ('fault' in parsed) return null;
  const pairs: Pair[] = [];
  const sections: Section[] = [];
  const add = (node: AST.TOMLKeyValue, table: DocumentPath): void =>
    void pairs.push({ node, table, path: [...table, ...node.key.keys.map(nameOf)] });
  for (const item of parsed.program.body[0].body) {
    if (item.type === 'TOMLKeyValue') {
      add(item, []);
      continue;
    }
    for (const pair of item.body) add(pair, item.resolvedKey);
    const end = item.body.at(-1)?.range[1] ?? headerEnd(item, text);
    sections.push({ node: item, path: item.resolvedKey, span: { start: item.range[0], end } });
  }
  return { pairs, sections };
}

export function startsWith(path: DocumentPath, beginning: DocumentPath): boolean {
  return beginning.length <= path.length && beginning.every((key, index) => path[index] === key);
}

export function samePath(one: DocumentPath, other: DocumentPath): boolean {
  return one.length === other.length && startsWith(one, other);
}

/** The names of a path as a header writes them: places in arrays of tables are not written. */
export function namesOf(path: DocumentPath): readonly string[] {
  return path.filter((key) => typeof key === 'string');
}

/** A value that is written out after an equals sign, and what it stands in. */
export interface Written {
  readonly pair: Pair;
  readonly node: AST.TOMLContentNode;
  /** The array or inline table around it and its place there; null directly after `key =`. */
  readonly inside: { readonly container: AST.TOMLArray | AST.TOMLInlineTable; readonly index: number } | null;
}

/** The value at a path if it is written out in one place; null for tables made of headers and dotted keys. */
export function writtenAt({ pairs }: Places, path: DocumentPath): Written | null {
  for (const pair of pairs) {
    if (!startsWith(path, pair.path)) continue;
    return descend({ pair, node: pair.node.value, inside: null }, path.slice(pair.path.length));
  }
  return null;
}

function descend(written: Written, rest: DocumentPath): Written | null {
  const [key] = rest;
  if (key === undefined) return written;
  const { pair, node } = written;
  if (node.type === 'TOMLArray' && typeof key === 'number') {
    const element = node.elements[key];
    return element === undefined ? null : descend({ pair, node: element, inside: { container: node, index: key } }, rest.slice(1));
  }
  if (node.type !== 'TOMLInlineTable') return null;
  const index = node.body.findIndex((inner) => startsWith(rest, inner.key.keys.map(nameOf)));
  const inner = node.body[index];
  if (inner === undefined) return null;
  return descend({ pair, node: inner.value, inside: { container: node, index } }, rest.slice(inner.key.keys.length));
}

/** Every place where the last key of a path is written as part of a header or dotted key, outside of inline tables. */
export function keySpans({ pairs, sections }: Places, path: DocumentPath): readonly Span[] {
  const inSections = sections.flatMap(({ node, path: own }) => {
    const key = startsWith(own, path) ? node.key.keys[namesOf(path).length - 1] : undefined;
    return key === undefined ? [] : [spanOf(key)];
  });
  const inPairs = pairs.flatMap(({ node, path: own, table }) => {
    const key = startsWith(own, path) ? node.key.keys[path.length - table.length - 1] : undefined;
    return key === undefined ? [] : [spanOf(key)];
  });
  return [...inSections, ...inPairs];
}
