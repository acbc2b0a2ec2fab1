import type { DocumentEdit, DocumentError, DocumentFormat } from '../model/document.ts';
import { literalString } from './escapes.ts';
import { readText } from './read.ts';
import { beginsLine, removal, type Splice } from './splice.ts';
import type { Span, TreeNode } from './tree.ts';

/**
 * Edits that remove faults of which it is known what was meant: comments, trailing commas and a byte order mark in strict
 * JSON, and single backslashes. Other faults yield no edit.
 */
export function mendFaults(text: string, format: DocumentFormat, errors: readonly DocumentError[]): readonly DocumentEdit[] {
  const splices = errors.flatMap((error): readonly Splice[] => {
    const { offset, length } = error.position;
    const span: Span = { start: offset, end: offset + length };
    switch (error.code) {
      case 'comment':
        return [commentRemoval(text, span)];
      case 'trailing-comma':
      case 'bom':
        return [{ ...span, text: '' }];
      case 'bad-escape':
        return doubled(text, format, offset);
      case 'syntax':
      case 'duplicate-key':
      case 'tab-indent':
        return [];
    }
  });
  // Several faults of one string are mended together.
  const once = splices.filter(({ start }, index) => splices.findIndex((other) => other.start === start) === index);
  return once.map(({ start, end, text: value }) => ({ op: 'replace-text', offset: start, length: end - start, value }));
}

/** A comment goes with its line, or with the blanks before it. */
function commentRemoval(text: string, span: Span): Splice {
  if (beginsLine(text, span.start) || !/^\s/.test(text.slice(span.end, span.end + 1))) return removal(text, span);
  return { start: text.slice(0, span.start).replace(/[ \t]+$/, '').length, end: span.end, text: '' };
}

/** The string around a backslash, written so that it says what it was meant to. */
function doubled(text: string, format: DocumentFormat, offset: number): readonly Splice[] {
  if (format === 'toml' || format === 'yaml') {
    const span = literalString(text, offset);
    return span === null ? [] : [{ ...span, text: `'${text.slice(span.start + 1, span.end - 1)}'` }];
  }
  const token = stringAround(readText(text, format).root, offset);
  return token === null ? [] : [{ ...token.span, text: JSON.stringify(token.value) }];
}

function stringAround(node: TreeNode | null, offset: number): { readonly span: Span; readonly value: unknown } | null {
  const holds = ({ start, end }: Span): boolean => start <= offset && offset < end;
  if (node === null) return null;
  if (node.kind === 'scalar') return holds(node.span) ? { span: node.span, value: node.scalar } : null;
  for (const { key, keySpan, node: inner } of node.members) {
    if (keySpan !== null && holds(keySpan)) return { span: keySpan, value: key };
    const found = stringAround(inner, offset);
    if (found !== null) return found;
  }
  return null;
}
