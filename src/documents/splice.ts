import type { Span } from './tree.ts';

/** A stretch of text to be replaced by another. */
export interface Splice extends Span {
  readonly text: string;
}

/** Applies splices that do not overlap; those at one offset in the order given. */
export function applySplices(text: string, splices: readonly Splice[]): string {
  const inOrder = [...splices].sort((a, b) => a.start - b.start);
  let result = '';
  let done = 0;
  for (const { start, end, text: replacement } of inOrder) {
    result += text.slice(done, start) + replacement;
    done = Math.max(done, end);
  }
  return result + text.slice(done);
}

export function insertAt(offset: number, text: string): Splice {
  return { start: offset, end: offset, text };
}

/** The offset at which an offset's line begins. */
export function lineStart(text: string, offset: number): number {
  return Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1;
}

/** The offset at which an offset's line ends, before its line end. */
export function lineEnd(text: string, offset: number): number {
  let end = offset;
  while (end < text.length && text[end] !== '\n' && text[end] !== '\r') end += 1;
  return end;
}

/** The offset after the line end that stands at an offset, or the offset itself. */
export function afterLineEnd(text: string, offset: number): number {
  if (text.startsWith('\r\n', offset)) return offset + 2;
  return text[offset] === '\n' || text[offset] === '\r' ? offset + 1 : offset;
}

/** The white space an offset's line begins with. */
export function indentAt(text: string, offset: number): string {
  const start = lineStart(text, offset);
  return /^\uFEFF?([ \t]*)/.exec(text.slice(start, lineEnd(text, start)))?.[1] ?? '';
}

/** Whether only white space stands between a line's beginning and an offset. */
export function beginsLine(text: string, offset: number): boolean {
  return /^[ \t]*$/.test(text.slice(lineStart(text, offset), offset));
}

/** The line end a text uses: that of its first line, or a newline. */
export function lineEnding(text: string): string {
  return /\r\n|\n|\r/.exec(text)?.[0] ?? '\n';
}

/** Removes a span: the whole line where nothing else stands on it, else the blanks that would shift what follows. */
export function removal(text: string, { start, end }: Span): Splice {
  const to = lineEnd(text, end);
  if (!beginsLine(text, start)) return { start, end, text: '' };
  const rest = text.slice(end, to);
  if (rest.trim() === '' && to < text.length) return { start: lineStart(text, start), end: afterLineEnd(text, to), text: '' };
  return { start, end: end + rest.length - rest.trimStart().length, text: '' };
}
