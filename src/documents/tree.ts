import type { DocumentErrorCode, DocumentPath } from '../model/document.ts';

/** Offsets of a stretch of text in UTF-16 units, the end not included. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** One value of a text with the place it stands at, the same for every format. */
export interface TreeNode {
  readonly kind: 'object' | 'array' | 'scalar';
  readonly span: Span;
  /** What a scalar says; undefined for objects and arrays. */
  readonly scalar: unknown;
  /** What an object or an array holds, in the order of the text; an object may name a key twice. */
  readonly members: readonly Member[];
}

export interface Member {
  readonly key: string | number;
  /** Null for items of an array. */
  readonly keySpan: Span | null;
  readonly node: TreeNode;
}

/** Something wrong with a text, before offsets became lines. */
export interface Fault {
  readonly code: DocumentErrorCode;
  readonly span: Span;
  readonly message: string;
}

/** What a format's reader makes of a text. */
export interface Reading {
  /** Null when there is no value at all. */
  readonly root: TreeNode | null;
  readonly faults: readonly Fault[];
}

export function scalarNode(scalar: unknown, span: Span): TreeNode {
  return { kind: 'scalar', span, scalar, members: [] };
}

/** The member that counts: the last of its name, as JSON and JSON5 have it. */
export function memberOf(node: TreeNode, key: string | number): Member | undefined {
  return node.kind === 'scalar' ? undefined : node.members.findLast((member) => member.key === key);
}

/** The member a path leads to; undefined for the root and for paths that lead nowhere. */
export function memberAt(root: TreeNode | null, path: DocumentPath): Member | undefined {
  let node = root;
  let member: Member | undefined;
  for (const key of path) {
    member = node === null ? undefined : memberOf(node, key);
    if (member === undefined) return undefined;
    node = member.node;
  }
  return member;
}

/** The node a path leads to; the root for an empty path. */
export function nodeAt(root: TreeNode | null, path: DocumentPath): TreeNode | null {
  return path.length === 0 ? root : (memberAt(root, path)?.node ?? null);
}

/** The plain value of a node. Keys such as `__proto__` become ordinary properties. */
export function valueOf(node: TreeNode | null): unknown {
  if (node === null) return undefined;
  if (node.kind === 'scalar') return node.scalar;
  if (node.kind === 'array') return node.members.map((member) => valueOf(member.node));
  const object: Record<string, unknown> = {};
  for (const { key, node: inner } of node.members) setOwn(object, String(key), valueOf(inner));
  return object;
}

/** Sets a property of a plain object, whatever its name. */
export function setOwn(object: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(object, key, { value, configurable: true, enumerable: true, writable: true });
}

/** A fault for each key that its object names again. */
export function duplicateKeys(node: TreeNode | null): readonly Fault[] {
  if (node === null) return [];
  const seen = new Set<string | number>();
  return node.members.flatMap(({ key, keySpan, node: inner }) => {
    const again = node.kind === 'object' && keySpan !== null && seen.has(key);
    seen.add(key);
    const here: readonly Fault[] = again ? [{ code: 'duplicate-key', span: keySpan, message: 'This key is named a second time.' }] : [];
    return [...here, ...duplicateKeys(inner)];
  });
}
