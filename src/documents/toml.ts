import { type AST, ParseError, parseTOML } from 'toml-eslint-parser';
import { literalString, withSingleQuotes } from './escapes.ts';
import { BOM } from './lines.ts';
import { scalarNode, type Fault, type Reading, type Span, type TreeNode } from './tree.ts';

/** How many lines before a fault are tried as the end of what can be read. */
const CUTS = 200;

/** The syntax tree of a TOML text, or where its first fault is. */
export function parseToml(text: string): { readonly program: AST.TOMLProgram } | { readonly fault: number } {
  try {
    return { program: parseTOML(text.startsWith(BOM) ? ` ${text.slice(1)}` : text) };
  } catch (error) {
    if (error instanceof ParseError) return { fault: error.index };
    throw error;
  }
}

/** Reads TOML. The parser stops at the first fault: the whole lines before it are read. Only single backslashes are read past. */
export function readToml(text: string): Reading {
  const whole = parseToml(text);
  if ('program' in whole) return { root: toTree(whole.program, text), faults: [] };
  const fault = describe(text, whole.fault);
  const literal = fault.code === 'bad-escape' ? literalString(text, fault.span.start) : null;
  if (literal !== null) {
    const rest = readToml(withSingleQuotes(text, literal));
    return { root: rest.root, faults: [fault, ...rest.faults] };
  }
  const faults = [fault];
  let end = whole.fault;
  for (let cut = 0; cut < CUTS && end > 0; cut += 1) {
    end = text.lastIndexOf('\n', end - 1) + 1;
    const part = parseToml(text.slice(0, end));
    if ('program' in part) return { root: toTree(part.program, text), faults };
    end -= 1;
  }
  return { root: { kind: 'object', span: { start: 0, end: 0 }, scalar: undefined, members: [] }, faults };
}

/** The parser names faults in words only, so what kind one is has to be tried. */
function describe(text: string, offset: number): Fault {
  const span = { start: offset, end: Math.min(text.length, offset + 1) };
  const before = text.slice(0, offset);
  if (/\\(?:[uUx][0-9a-fA-F]*)?$/.test(before) && /["\w]/.test(text[offset] ?? '')) {
    const start = before.lastIndexOf('\\');
    return { code: 'bad-escape', span: { start, end: start + 2 }, message: 'A backslash in a basic string is written as two.' };
  }
  // A key that is refused only because of its name has been used before.
  const inKey = /["']/.test(text[offset] ?? '') ? offset + 1 : offset;
  const renamed = parseToml(`${text.slice(0, inKey)}${unusedName(text)}${text.slice(inKey)}`);
  const duplicate = 'program' in renamed || renamed.fault > offset + unusedName(text).length + 1;
  if (duplicate && /[\w"'-]/.test(text[offset] ?? '')) {
    const [name = ''] = /^(?:"[^"\n]*"|'[^'\n]*'|[\w-]+)/.exec(text.slice(offset)) ?? [];
    return { code: 'duplicate-key', span: { start: offset, end: offset + name.length }, message: 'This key is named a second time.' };
  }
  return { code: 'syntax', span, message: 'This is not TOML.' };
}

function unusedName(text: string): string {
  let name = 'x';
  while (text.includes(name)) name += 'x';
  return name;
}

/** A table under construction: headers and dotted keys may add to it from several places. */
interface Draft {
  kind: 'object' | 'array';
  span: Span;
  readonly members: Map<string | number, { readonly keySpan: Span | null; readonly node: Draft | TreeNode }>;
}

function toTree(program: AST.TOMLProgram, text: string): TreeNode {
  const [top] = program.body;
  const root: Draft = { kind: 'object', span: { start: 0, end: text.length }, members: new Map() };
  for (const item of top.body) {
    if (item.type === 'TOMLKeyValue') {
      addPair(root, item);
      continue;
    }
    const header: Span = { start: item.range[0], end: headerEnd(item, text) };
    const names = [...item.key.keys];
    let table = root;
    for (const [index, key] of item.resolvedKey.entries()) {
      const name = typeof key === 'string' ? names.shift() : undefined;
      const kind = typeof item.resolvedKey[index + 1] === 'number' ? 'array' : 'object';
      table = descend(table, key, name ? spanOf(name) : null, header, kind);
    }
    table.span = header;
    for (const pair of item.body) addPair(table, pair);
  }
  return finish(root);
}

/** Where a header's brackets end; only white space may stand between its name and them. */
export function headerEnd(table: AST.TOMLTable, text: string): number {
  return text.indexOf(']', table.key.range[1]) + (table.kind === 'array' ? 2 : 1);
}

function addPair(table: Draft, pair: AST.TOMLKeyValue): void {
  const names = [...pair.key.keys];
  const last = names.pop();
  if (last === undefined) return;
  let owner = table;
  for (const name of names) owner = descend(owner, nameOf(name), spanOf(name), spanOf(pair), 'object');
  owner.members.set(nameOf(last), { keySpan: spanOf(last), node: contentTree(pair.value) });
}

function descend(table: Draft, key: string | number, keySpan: Span | null, span: Span, kind: Draft['kind']): Draft {
  const known = table.members.get(key);
  if (known !== undefined && isDraft(known.node)) return known.node;
  const node: Draft = { kind, span, members: new Map() };
  table.members.set(key, { keySpan, node });
  return node;
}

function contentTree(node: AST.TOMLContentNode): TreeNode | Draft {
  if (node.type === 'TOMLValue') return scalarNode(node.value, spanOf(node));
  if (node.type === 'TOMLArray') {
    const members = node.elements.map((element, key) => ({ key, keySpan: null, node: finish(contentTree(element)) }));
    return { kind: 'array', span: spanOf(node), scalar: undefined, members };
  }
  const table: Draft = { kind: 'object', span: spanOf(node), members: new Map() };
  for (const pair of node.body) addPair(table, pair);
  return table;
}

function isDraft(node: Draft | TreeNode): node is Draft {
  return node.members instanceof Map;
}

function finish(node: Draft | TreeNode): TreeNode {
  if (!isDraft(node)) return node;
  const members = Array.from(node.members, ([key, { keySpan, node: inner }]) => ({ key, keySpan, node: finish(inner) }));
  return { kind: node.kind, span: node.span, scalar: undefined, members };
}

/** A key's name without its quotes. */
export function nameOf(key: AST.TOMLBare | AST.TOMLQuoted): string {
  return key.type === 'TOMLBare' ? key.name : key.value;
}

/** The offsets of a node's text. */
export function spanOf(node: AST.TOMLNode): Span {
  return { start: node.range[0], end: node.range[1] };
}
