import { type ParseErrorCode, visit } from 'jsonc-parser';
import { readJsonString } from './escapes.ts';
import { BOM } from './lines.ts';
import { duplicateKeys, scalarNode, type Fault, type Member, type Reading, type Span, type TreeNode } from './tree.ts';

/** jsonc-parser's ParseErrorCode, a const enum, by number; what is reported in other ways is left out. */
const MESSAGES: Readonly<Record<number, string>> = {
  1: 'This is neither a value nor a key.',
  2: 'This is not a number.',
  3: 'A key in double quotes is expected here.',
  4: 'A value is expected here.',
  5: 'A colon is missing after the key.',
  6: 'A comma is missing.',
  7: 'A closing brace is missing.',
  8: 'A closing bracket is missing.',
  9: 'The file goes on after its value has ended.',
  11: 'This comment has no end.',
  12: 'This string has no closing quote.',
  13: 'This number has no end.',
  16: 'This character cannot stand in a string as it is.',
};

/** Reported with their exact place by {@link readJsonString}. */
const ESCAPE_ERRORS: ReadonlySet<number> = new Set([14, 15]);

interface OpenNode {
  readonly kind: 'object' | 'array';
  readonly start: number;
  readonly members: Member[];
  pending: { readonly key: string; readonly span: Span } | null;
  /** The comma that stands after the last member so far. */
  comma: Span | null;
}

/**
 * Reads JSON as tolerantly as editors do: a file with faults still yields what can be made out. Strict reading counts
 * comments, trailing commas and a byte order mark as faults.
 */
export function readJson(text: string, { strict }: { readonly strict: boolean }): Reading {
  const faults: Fault[] = [];
  const open: OpenNode[] = [];
  let root: TreeNode | null = null;

  function place(node: TreeNode): void {
    const parent = open.at(-1);
    if (parent === undefined) root ??= node;
    else if (parent.kind === 'array') parent.members.push({ key: parent.members.length, keySpan: null, node });
    else if (parent.pending !== null) parent.members.push({ key: parent.pending.key, keySpan: parent.pending.span, node });
    if (parent !== undefined) Object.assign(parent, { pending: null, comma: null });
  }

  function close(end: number): void {
    const node = open.pop();
    if (node === undefined) return;
    if (strict && node.comma !== null)
      faults.push({ code: 'trailing-comma', span: node.comma, message: 'JSON allows no comma after the last item.' });
    settlePending(node);
    place({ kind: node.kind, span: { start: node.start, end }, scalar: undefined, members: node.members });
  }

  /** Closes what has no end of its own before what has. */
  function closeUntil(kind: OpenNode['kind'], end: number): void {
    while (open.length > 0 && open.at(-1)?.kind !== kind) close(end);
    close(end);
  }

  function string(span: Span): string {
    const { value, badEscape } = readJsonString(text.slice(span.start, span.end));
    if (badEscape !== null) {
      const at = span.start + badEscape;
      faults.push({ code: 'bad-escape', span: { start: at, end: at + 2 }, message: 'A backslash in a string is written as two.' });
    }
    return value;
  }

  const spanOf = (offset: number, length: number): Span => ({ start: offset, end: offset + length });

  visit(
    text.startsWith(BOM) ? ` ${text.slice(1)}` : text,
    {
      onObjectBegin: (start) => void open.push({ kind: 'object', start, members: [], pending: null, comma: null }),
      onArrayBegin: (start) => void open.push({ kind: 'array', start, members: [], pending: null, comma: null }),
      onObjectEnd: (offset) => closeUntil('object', offset + 1),
      onArrayEnd: (offset) => closeUntil('array', offset + 1),
      onObjectProperty: (_, offset, length) => {
        while (open.length > 0 && open.at(-1)?.kind !== 'object') close(offset);
        const node = open.at(-1);
        if (node === undefined) return;
        settlePending(node);
        node.pending = { key: string(spanOf(offset, length)), span: spanOf(offset, length) };
        node.comma = null;
      },
      onLiteralValue: (value: unknown, offset, length) => {
        const span = spanOf(offset, length);
        place(scalarNode(typeof value === 'string' ? string(span) : value, span));
      },
      onSeparator: (character, offset, length) => {
        const node = open.at(-1);
        if (character !== ',' || node === undefined) return;
        settlePending(node);
        if (node.members.length > 0) node.comma = spanOf(offset, length);
      },
      onComment: (offset, length) => {
        if (strict) faults.push({ code: 'comment', span: spanOf(offset, length), message: 'JSON allows no comments.' });
      },
      onError: (code: ParseErrorCode, offset, length) => {
        if (ESCAPE_ERRORS.has(code)) return;
        faults.push({ code: 'syntax', span: spanOf(offset, length), message: MESSAGES[code] ?? 'This is not JSON.' });
      },
    },
    { allowTrailingComma: true, allowEmptyContent: false },
  );
  while (open.length > 0) close(text.length);
  if (strict && text.startsWith(BOM))
    faults.push({ code: 'bom', span: { start: 0, end: 1 }, message: 'The file begins with a byte order mark, which JSON does not allow.' });
  return { root, faults: [...faults, ...duplicateKeys(root)] };
}

/** A key whose value is missing is still known to be there. */
function settlePending(node: OpenNode): void {
  if (node.pending === null) return;
  const { key, span } = node.pending;
  node.members.push({ key, keySpan: span, node: scalarNode(undefined, { start: span.end, end: span.end }) });
  node.pending = null;
}
