import {
  type CST,
  type Document,
  type ErrorCode,
  isAlias,
  isCollection,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  type YAMLSeq,
} from 'yaml';
import type { DocumentErrorCode } from '../model/document.ts';
import { literalString, withSingleQuotes } from './escapes.ts';
import { scalarNode, type Fault, type Member, type Reading, type Span, type TreeNode } from './tree.ts';

/** A document that grows beyond this through its aliases is meant to exhaust its reader. */
const MOST_NODES = 200_000;

const CODES: Partial<Record<ErrorCode, { readonly code: DocumentErrorCode; readonly message: string }>> = {
  DUPLICATE_KEY: { code: 'duplicate-key', message: 'This key is named a second time.' },
  TAB_AS_INDENT: { code: 'tab-indent', message: 'YAML is indented with spaces, not with tabs.' },
  BAD_DQ_ESCAPE: { code: 'bad-escape', message: 'A backslash in double quotes is written as two.' },
};
const OTHERWISE = { code: 'syntax', message: 'This is not YAML.' } as const;

/** A document with the tokens it was made from, whose ranges are offsets of the text. */
export function parseYaml(text: string): Document.Parsed {
  // Readers of configs take << for a merge; the core schema alone would not.
  return parseDocument(text, { keepSourceTokens: true, merge: true, logLevel: 'silent', prettyErrors: false, stringKeys: false });
}

/** Reads the one document of a YAML text, as far as it can be made out; single backslashes in double quotes are read as they stand. */
export function readYaml(text: string): Reading {
  const document = parseYaml(text);
  const faults: Fault[] = document.errors.map(({ code, pos: [start, end] }) => ({ ...(CODES[code] ?? OTHERWISE), span: { start, end } }));
  const literal = faults
    .filter(({ code }) => code === 'bad-escape')
    .map(({ span }) => literalString(text, span.start))
    .find((span) => span !== null);
  if (literal !== undefined) {
    const rest = readYaml(withSingleQuotes(text, literal));
    const here = faults.filter(({ code, span }) => code === 'bad-escape' && span.start > literal.start && span.end < literal.end);
    return { root: rest.root, faults: [...here, ...rest.faults] };
  }
  let nodes = 0;
  // An alias means the last node before it that has its name. The library's own search goes through the whole document each time.
  const anchors = new Map<string, Node>();
  const anchored = new Set<Node>();

  function toTree(node: Node | null, empty: Span): TreeNode {
    nodes += 1;
    if (nodes > MOST_NODES) throw new RangeError('The aliases of this document make it too large.');
    const span = spanOf(node) ?? empty;
    if (node !== null && !isAlias(node) && node.anchor !== undefined && !anchored.has(node)) {
      anchored.add(node);
      anchors.set(node.anchor, node);
    }
    if (node === null) return scalarNode(null, span);
    if (isScalar(node)) return scalarNode(node.value ?? null, span);
    if (isAlias(node)) {
      const target = anchors.get(node.source);
      if (target !== undefined) return { ...toTree(target, span), span };
      faults.push({ code: 'syntax', span, message: 'This alias has no anchor.' });
      return scalarNode(undefined, span);
    }
    if (!isCollection(node)) return scalarNode(null, span);
    if (!isMap(node)) {
      // A sequence under !!omap or !!pairs holds pairs, which no config has.
      const members = node.items.map((item, key) => ({
        key,
        keySpan: null,
        node: toTree(isPair(item) ? null : (item as Node | null), span),
      }));
      return { kind: 'array', span, scalar: undefined, members };
    }
    const own = node.items.filter((pair) => !isMerge(pair)).map(toMember);
    const merged = node.items.filter(isMerge).flatMap((pair) => mergedMembers(pair.value as Node | null));
    const named = new Set(own.map(({ key }) => key));
    return { kind: 'object', span, scalar: undefined, members: [...merged.filter(({ key }) => !named.has(key)), ...own] };
  }

  function toMember(pair: Pair): Member {
    const key = pair.key as Node | null;
    const keySpan = spanOf(key);
    const end = keySpan?.end ?? 0;
    return { key: keyName(key), keySpan, node: toTree(pair.value as Node | null, { start: end, end }) };
  }

  /** Members that a map takes over; among several maps the first to name a key wins. */
  function mergedMembers(node: Node | null): readonly Member[] {
    const target = isAlias(node) ? anchors.get(node.source) : node;
    if (isMap(target)) return toTree(target, { start: 0, end: 0 }).members;
    if (!isCollection(target)) return [];
    return target.items.toReversed().flatMap((item) => mergedMembers(item as Node | null));
  }

  const root = document.contents === null ? null : toTree(document.contents, { start: 0, end: 0 });
  return { root, faults };
}

/** The offsets of a node's own text; anchors and tags stand before it. The library lets blocks reach over what follows them. */
export function spanOf(node: Node | null): Span | null {
  return node?.range ? { start: node.range[0], end: contentEnd(node) } : null;
}

/** Where a node's text ends; a block scalar includes its last line end. */
function contentEnd(node: Node): number {
  if (isMap(node) && node.flow !== true) {
    const last = node.items.at(-1);
    return last === undefined ? (node.range?.[1] ?? 0) : pairEnd(last);
  }
  if (isSeq(node) && node.flow !== true) {
    const index = node.items.length - 1;
    const last = (node.items[index] ?? null) as Node | null;
    const dash = indicatorOf(itemTokens(node, index), 'seq-item-ind');
    return Math.max(dash ?? 0, last === null || isEmpty(last) ? 0 : contentEnd(last));
  }
  return node.range?.[1] ?? 0;
}

/** Where a pair's text ends: after its value, its colon, or its key. */
export function pairEnd(pair: Pair): number {
  const value = pair.value as Node | null;
  const key = pair.key as Node | null;
  if (value !== null && !isEmpty(value)) return contentEnd(value);
  return Math.max(colonEnd(pair) ?? 0, key === null ? 0 : contentEnd(key));
}

/** A value that is not written out. */
export function isEmpty(node: Node | null): boolean {
  return node === null || (isScalar(node) && node.source === '' && node.type === 'PLAIN');
}

/** The offset after a pair's colon. */
export function colonEnd(pair: Pair): number | null {
  return indicatorOf(pair.srcToken?.sep, 'map-value-ind');
}

/** The offset after the dash of an item in a block sequence. */
export function dashEnd(sequence: YAMLSeq, index: number): number | null {
  return indicatorOf(itemTokens(sequence, index), 'seq-item-ind');
}

function itemTokens(sequence: YAMLSeq, index: number): readonly CST.SourceToken[] | undefined {
  return sequence.srcToken?.type === 'block-seq' ? sequence.srcToken.items[index]?.start : undefined;
}

function indicatorOf(tokens: readonly CST.SourceToken[] | undefined, type: CST.SourceToken['type']): number | null {
  const token = tokens?.findLast((candidate) => candidate.type === type);
  return token === undefined ? null : token.offset + token.source.length;
}

/** A key as an object of ours names it; maps and lists as keys, which no config has, are named by their offset. */
export function keyName(key: Node | null): string {
  if (key === null) return '';
  return isScalar<string | number | boolean | null>(key) ? String(key.value ?? '') : `(key at ${key.range?.[0] ?? 0})`;
}

/** Whether a pair is `<<: …`, which takes over what another map holds. */
export function isMerge(pair: Pair): boolean {
  return isScalar(pair.key) && pair.key.source === '<<' && (pair.key.type === undefined || pair.key.type === 'PLAIN');
}
