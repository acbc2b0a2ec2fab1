import { beginsLine, indentAt, insertAt, lineEnd, removal, type Splice } from './splice.ts';
import type { Style } from './style.ts';
import type { Span, TreeNode } from './tree.ts';

/** Edits of what stands in brackets or braces with commas between: JSON, flow YAML, arrays and inline tables of TOML. */

/** What may stand between items besides white space. */
export type Comments = 'slashes' | 'hash';

const TRIVIA: Readonly<Record<Comments, RegExp>> = {
  slashes: /(?:\s|\/\/[^\n\r]*|\/\*[\s\S]*?\*\/)*/y,
  hash: /(?:\s|#[^\n\r]*)*/y,
};
const SAME_LINE_TRIVIA: Readonly<Record<Comments, RegExp>> = {
  slashes: /(?:[ \t]|\/\/[^\n\r]*|\/\*[^\n\r]*?\*\/)*/y,
  hash: /(?:[ \t]|#[^\n\r]*)*/y,
};

function skip(text: string, pattern: RegExp, offset: number): number {
  pattern.lastIndex = offset;
  pattern.test(text);
  return pattern.lastIndex;
}

/** A container in brackets and the spans of its items, keys included. */
export interface Bracketed {
  readonly text: string;
  readonly span: Span;
  readonly items: readonly Span[];
  readonly comments: Comments;
}

export function bracketed(text: string, node: TreeNode, comments: Comments): Bracketed {
  const items = node.members.map(({ keySpan, node: { span } }) => ({ start: keySpan?.start ?? span.start, end: span.end }));
  return { text, span: node.span, items, comments };
}

/** The comma after an item, or null. */
function commaAfter({ text, comments }: Bracketed, item: Span): Span | null {
  const at = skip(text, TRIVIA[comments], item.end);
  return text[at] === ',' ? { start: at, end: at + 1 } : null;
}

export interface Insertion {
  /** Before which item; the number of items for the end. */
  readonly index: number;
  /** The item's text, indented as its first line is. */
  readonly render: (indent: string) => string;
  readonly style: Style;
  /** Whether an empty container becomes one of several lines. */
  readonly spread: boolean;
  /** Whether an item at the end may have a comma after it. */
  readonly trailingComma: boolean;
}

export function insertItem(container: Bracketed, insertion: Insertion): readonly Splice[] {
  const { text, items } = container;
  const next = items[insertion.index];
  if (next !== undefined) {
    const indent = indentAt(text, next.start);
    const gap = beginsLine(text, next.start) ? insertion.style.lineEnding + indent : ' ';
    return [insertAt(next.start, `${insertion.render(indent)},${gap}`)];
  }
  const last = items.at(-1);
  return last === undefined ? insertFirst(container, insertion) : insertLast(container, insertion, last);
}

function insertLast(container: Bracketed, { render, style, trailingComma }: Insertion, last: Span): readonly Splice[] {
  const { text, comments } = container;
  const comma = commaAfter(container, last);
  const end = comma?.end ?? last.end;
  const indent = indentAt(text, last.start);
  const after = comma !== null && trailingComma ? ',' : '';
  const separator = comma === null ? [insertAt(last.end, ',')] : [];
  if (!beginsLine(text, last.start)) return [...separator, insertAt(end, ` ${render(indent)}${after}`)];
  // A comment on the last item's line belongs to that item.
  const rest = skip(text, SAME_LINE_TRIVIA[comments], end);
  const at = rest === lineEnd(text, rest) ? rest : end;
  return [...separator, insertAt(at, style.lineEnding + indent + render(indent) + after)];
}

function insertFirst({ text, span }: Bracketed, { render, style, spread }: Insertion): readonly Splice[] {
  const inner: Span = { start: span.start + 1, end: span.end - 1 };
  const outer = indentAt(text, span.start);
  const indent = outer + style.unit;
  const empty = text.slice(inner.start, inner.end).trim() === '';
  if (!empty && beginsLine(text, inner.end)) {
    const last = text.slice(0, inner.end).trimEnd().length;
    return [insertAt(last, style.lineEnding + indent + render(indent))];
  }
  if (!empty) return [insertAt(inner.end, `${/\s$/.test(text.slice(0, inner.end)) ? '' : ' '}${render(outer)} `)];
  if (!spread) return [{ ...inner, text: text[span.start] === '{' ? ` ${render(outer)} ` : render(outer) }];
  return [{ ...inner, text: style.lineEnding + indent + render(indent) + style.lineEnding + outer }];
}

/** Removes an item and the comma that is one too many without it; comments stay. */
export function deleteItem(container: Bracketed, index: number): readonly Splice[] {
  const { text, items, span } = container;
  const item = items[index];
  if (item === undefined) return [];
  const before = items[index - 1];
  const own = commaAfter(container, item);
  const other = own === null && before !== undefined ? commaAfter(container, before) : null;
  const doomed = [other, item, own].filter((part) => part !== null);
  if (items.length === 1) {
    const rest =
      text.slice(span.start + 1, item.start) +
      text.slice(item.end, own?.start ?? item.end) +
      text.slice(own?.end ?? item.end, span.end - 1);
    if (rest.trim() === '') return [{ start: span.start + 1, end: span.end - 1, text: '' }];
  }
  return joined(text, doomed).map((part) => (part === other ? { ...part, text: '' } : itemRemoval(text, part)));
}

/** Spans with only blanks between them become one. */
function joined(text: string, spans: readonly Span[]): readonly Span[] {
  return spans.reduce<readonly Span[]>((done, span) => {
    const last = done.at(-1);
    const touching = last !== undefined && /^[ \t]*$/.test(text.slice(last.end, span.start));
    return touching ? [...done.slice(0, -1), { start: last.start, end: span.end }] : [...done, span];
  }, []);
}

/** Removes an item, and the blanks that parted it from its neighbour on the same line. */
function itemRemoval(text: string, span: Span): Splice {
  const splice = removal(text, span);
  if (splice.start !== span.start || splice.end !== span.end) return splice;
  if (/^[ \t]*(?:[\r\n]|$)/.test(text.slice(span.end, lineEnd(text, span.end) + 1))) {
    return { ...splice, start: text.slice(0, span.start).replace(/[ \t]+$/, '').length };
  }
  const blanks = text[span.end - 1] === ',' ? (/^[ \t]*/.exec(text.slice(span.end, lineEnd(text, span.end)))?.[0].length ?? 0) : 0;
  return { ...splice, end: span.end + blanks };
}
