import type { Position } from '../model/document.ts';
import type { Span } from './tree.ts';

export const BOM = '\uFEFF';

const LINE_END = /\r\n|\n|\r/g;

/** The offset each line begins at. */
export function lineStarts(text: string): readonly number[] {
  return [0, ...Array.from(text.matchAll(LINE_END), (match) => match.index + match[0].length)];
}

/** Turns spans into positions; the line table is made once per text. */
export function createLocator(text: string): (span: Span) => Position {
  let starts: readonly number[] | null = null;
  const mark = text.startsWith(BOM) ? 1 : 0;
  return ({ start, end }) => {
    starts ??= lineStarts(text);
    const index = lineIndex(starts, start);
    const lineStart = starts[index] ?? 0;
    // Editors do not count a byte order mark.
    const column = index === 0 ? Math.max(0, start - mark) : start - lineStart;
    return { line: index + 1, column: column + 1, offset: start, length: end - start };
  };
}

/** The last line that begins at or before an offset, by bisection. */
function lineIndex(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
