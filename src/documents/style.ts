import { beginsLine, indentAt, lineEnding } from './splice.ts';
import type { TreeNode } from './tree.ts';

/** How a text is laid out, so that what is added looks like what is there. */
export interface Style {
  readonly lineEnding: string;
  /** One step of indentation. */
  readonly unit: string;
  /** Whether anything in the text stands on a line of its own. */
  readonly lines: boolean;
}

export function styleOf(text: string, root: TreeNode | null): Style {
  return {
    lineEnding: lineEnding(text),
    unit: unitOf(text, root, indentAt(text, root?.span.start ?? 0)) ?? '  ',
    lines: /[\r\n]/.test(text.trim()),
  };
}

/** The indentation that the first nested member on a line of its own adds to the line its parent's key stands on. */
function unitOf(text: string, node: TreeNode | null, outer: string): string | null {
  for (const member of node?.members ?? []) {
    const start = member.keySpan?.start ?? member.node.span.start;
    const inner = indentAt(text, start);
    if (beginsLine(text, start) && inner.length > outer.length && inner.startsWith(outer)) return inner.slice(outer.length);
    const deeper = unitOf(text, member.node, inner);
    if (deeper !== null) return deeper;
  }
  return null;
}
