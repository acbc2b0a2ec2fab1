import { isMap, isScalar, isSeq, type Node, type Pair, stringify, type YAMLMap, type YAMLSeq } from 'yaml';
import type { DocumentPath } from '../model/document.ts';
import { bracketed, deleteItem, insertItem } from './brackets.ts';
import type { Candidates, Editor, Source } from './editor.ts';
import { beginsLine, insertAt, lineEnd, lineEnding, lineStart, removal, type Splice } from './splice.ts';
import { styleOf } from './style.ts';
import { nodeAt, type Span } from './tree.ts';
import { colonEnd, dashEnd, isEmpty, isMerge, keyName, pairEnd, parseYaml, spanOf } from './yaml.ts';

/** A place of the document that holds a value. */
interface Slot {
  readonly node: Node | null;
  /** Where the value's text may begin: after the colon or the dash; null at the root and in brackets. */
  readonly after: number | null;
  /** The key before the value, or null. */
  readonly pair: Pair | null;
  /** Whether the place is inside brackets, where only flow style is allowed. */
  readonly flow: boolean;
}

/** YAML: never written anew as a whole; what changes is spliced in at the offsets of its nodes. */
export const yamlEditor: Editor = {
  set(source, path, value) {
    const slot = slotAt(source.text, path);
    return slot === null ? [] : setSlot(source, slot, value);
  },

  insert(source, path, value) {
    const slot = slotAt(source.text, path.slice(0, -1));
    const key = path.at(-1);
    if (slot === null || key === undefined) return [];
    const { node } = slot;
    if (isEmpty(node) && typeof key === 'string') return insertIntoNothing(source, slot, key, value);
    if ((isMap(node) || isSeq(node)) && node.flow === true) return insertFlow(source, path, key, value);
    if (isMap(node) && typeof key === 'string') return insertPair(source, node, key, value);
    if (isSeq(node) && typeof key === 'number') return insertSequenceItem(source, node, key, value);
    return [];
  },

  delete(source, path) {
    const parent = slotAt(source.text, path.slice(0, -1));
    const key = path.at(-1);
    if (parent === null || key === undefined) return [];
    const { node } = parent;
    if (!isMap(node) && !isSeq(node)) return [];
    if (node.flow === true) {
      const container = nodeAt(source.root, path.slice(0, -1));
      const index = container?.members.findIndex((member) => member.key === key) ?? -1;
      return container === null ? [] : [deleteItem(bracketed(source.text, container, 'hash'), index)];
    }
    if (node.items.length === 1) return setSlot(source, parent, isMap(node) ? {} : []);
    const index = isMap(node) ? node.items.findIndex((pair) => named(pair, key)) : Number(key);
    return index === -1 ? [] : deleteLines(source.text, itemSpan(node, index), itemSpan(node, index + 1));
  },

  rename({ text }, path, name) {
    const pair = slotAt(text, path)?.pair;
    const key = (pair?.key ?? null) as Node | null;
    const span = spanOf(key);
    return span === null ? [] : scalarTexts(name, key).map((rendered) => [{ ...span, text: rendered }]);
  },
};

function named(pair: Pair, key: string | number): boolean {
  return !isMerge(pair) && keyName(pair.key as Node | null) === key;
}

/** Follows a path; null where it leads nowhere or through an alias, whose text belongs to another place. */
function slotAt(text: string, path: DocumentPath): Slot | null {
  let slot: Slot = { node: parseYaml(text).contents, after: null, pair: null, flow: false };
  for (const key of path) {
    const { node } = slot;
    if (isMap(node)) {
      const pair = node.items.findLast((candidate) => named(candidate, key));
      if (pair === undefined) return null;
      slot = { node: pair.value as Node | null, after: colonEnd(pair), pair, flow: slot.flow || node.flow === true };
    } else if (isSeq(node) && typeof key === 'number') {
      if (key >= node.items.length) return null;
      slot = { node: node.items[key] as Node | null, after: dashEnd(node, key), pair: null, flow: slot.flow || node.flow === true };
    } else return null;
  }
  return slot;
}

const WRITING = { lineWidth: 0, compat: 'yaml-1.1', aliasDuplicateObjects: false } as const;

/** Ways to write a scalar on one line, in the style of the one it replaces if that is possible. */
function scalarTexts(value: unknown, like: Node | null): readonly string[] {
  const type = isScalar(like) ? like.type : undefined;
  const quoted = JSON.stringify(value) ?? '';
  const bare = stringify(value, WRITING).replace(/\n$/, '');
  const single = typeof value === 'string' ? [`'${value.replaceAll("'", "''")}'`] : [];
  if (type === 'QUOTE_SINGLE') return [...single, quoted];
  if (type === 'QUOTE_DOUBLE') return [quoted];
  return [...(/[\r\n]/.test(bare) ? [] : [bare]), quoted];
}

/** A value in flow style, which may stand anywhere. */
function flowText(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? '';
  if (Array.isArray(value)) return `[${value.map(flowText).join(', ')}]`;
  const pairs = Object.entries(value).map(([key, inner]) => `${flowKey(key)}: ${flowText(inner)}`);
  return pairs.length === 0 ? '{}' : `{ ${pairs.join(', ')} }`;
}

function flowKey(key: string): string {
  return /^[A-Za-z_][\w-]{3,}$/.test(key) && !/^(?:null|true|false)$/i.test(key) ? key : JSON.stringify(key);
}

/** A value in block style; lines after the first are indented. */
function blockText(value: unknown, { text, root }: Source, indent: string): string {
  const { unit } = styleOf(text, root);
  const written = stringify(value, { ...WRITING, indent: Math.max(2, unit.length) });
  const lines = written.replace(/\n+$/, '').split('\n');
  return lines.map((line, index) => (index === 0 || line === '' ? line : indent + line)).join(lineEnding(text));
}

function isFilled(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}

function inlineTexts(value: unknown, like: Node | null): readonly string[] {
  return typeof value === 'object' && value !== null ? [flowText(value)] : scalarTexts(value, like);
}

/** How far into its line an offset is, as spaces. */
function columnOf(text: string, offset: number): string {
  return ' '.repeat(text.slice(lineStart(text, offset), offset).replace(/^\uFEFF/, '').length);
}

function setSlot(source: Source, slot: Slot, value: unknown): Candidates {
  const { text } = source;
  const { node, after } = slot;
  const span = spanOf(node);
  const inline = inlineTexts(value, node);
  if (span === null || isEmpty(node)) {
    if (after === null) return [];
    return [...blockAfter(source, slot, value, after), ...inline.map((rendered) => [insertAt(after, ` ${rendered}`)])];
  }
  const end = text.slice(0, span.end).replace(/[\r\n\t ]+$/, '').length;
  const isBlock = (isMap(node) || isSeq(node)) && node.flow !== true;
  const directly = after !== null && text.slice(after, span.start).trim() === '';
  const block =
    isBlock && isFilled(value) ? [[{ start: span.start, end, text: blockText(value, source, columnOf(text, span.start)) }]] : [];
  const inPlace = inline.map((rendered): readonly Splice[] => {
    if (!isBlock || after === null) return [{ start: span.start, end, text: rendered }];
    // Moves up beside its key; comments between stay where they are.
    const moved = insertAt(after, ` ${rendered}`);
    return directly ? [{ ...moved, end }] : [moved, removal(text, { start: span.start, end })];
  });
  return [...block, ...(directly ? blockAfter(source, slot, value, end) : []), ...inPlace];
}

/** A filled object or array in block style, from behind the colon or dash to where the old value ended. */
function blockAfter(source: Source, { after, pair, flow }: Slot, value: unknown, end: number): Candidates {
  if (flow || after === null || !isFilled(value)) return [];
  const { text } = source;
  const key = pair === null ? null : spanOf(pair.key as Node | null);
  if (key === null) return [[{ start: after, end, text: ` ${blockText(value, source, `${columnOf(text, after)} `)}` }]];
  const indent = columnOf(text, key.start) + styleOf(text, source.root).unit.replaceAll('\t', '  ');
  return [[{ start: after, end, text: lineEnding(text) + indent + blockText(value, source, indent) }]];
}

/** The first key of a map that is not written out, or of an empty file. */
function insertIntoNothing(source: Source, slot: Slot, key: string, value: unknown): Candidates {
  if (slot.after !== null) return setSlot(source, slot, { [key]: value });
  if (source.root !== null) return [];
  const { text } = source;
  const separator = text === '' || /[\r\n\uFEFF]$/.test(text) ? '' : lineEnding(text);
  return [[insertAt(text.length, `${separator}${blockText({ [key]: value }, source, '')}${lineEnding(text)}`)]];
}

function insertFlow(source: Source, path: DocumentPath, key: string | number, value: unknown): Candidates {
  const { text, root } = source;
  const container = nodeAt(root, path.slice(0, -1));
  if (container === null) return [];
  const write = (rendered: string): readonly Splice[] =>
    insertItem(bracketed(text, container, 'hash'), {
      index: typeof key === 'number' ? key : container.members.length,
      render: () => (typeof key === 'number' ? rendered : `${flowKey(key)}: ${rendered}`),
      style: styleOf(text, root),
      spread: false,
      trailingComma: true,
    });
  return inlineTexts(value, null).map(write);
}

function insertPair(source: Source, map: YAMLMap, key: string, value: unknown): Candidates {
  const { text } = source;
  const start = map.range?.[0] ?? 0;
  const indent = columnOf(text, start);
  const end = spanOf(map)?.end ?? start;
  const block = blockText({ [key]: value }, source, indent);
  const flow = `${scalarTexts(key, null)[0] ?? ''}: ${flowText(value)}`;
  return [block, flow].map((rendered) => [insertLine(text, end, indent + rendered)]);
}

function insertSequenceItem(source: Source, sequence: YAMLSeq, index: number, value: unknown): Candidates {
  const { text } = source;
  const dash = (dashEnd(sequence, Math.min(index, sequence.items.length - 1)) ?? 1) - 1;
  const indent = columnOf(text, dash);
  const items = isFilled(value) ? [blockText(value, source, `${indent}  `), flowText(value)] : inlineTexts(value, null);
  if (index < sequence.items.length) return items.map((rendered) => [insertAt(dash, `- ${rendered}${lineEnding(text)}${indent}`)]);
  const end = spanOf(sequence)?.end ?? dash;
  return items.map((rendered) => [insertLine(text, end, `${indent}- ${rendered}`)]);
}

/** A line of its own after the line that ends at an offset; a comment there stays with what it follows. */
function insertLine(text: string, offset: number, line: string): Splice {
  if (/[\r\n]/.test(text[offset - 1] ?? '')) return insertAt(offset, line + lineEnding(text));
  return insertAt(lineEnd(text, offset), lineEnding(text) + line);
}

/** The text of an item with its key or dash; null behind the last. */
function itemSpan(node: YAMLMap | YAMLSeq, index: number): Span | null {
  if (isMap(node)) {
    const pair = node.items[index];
    const key = pair === undefined ? null : spanOf(pair.key as Node | null);
    return pair === undefined || key === null ? null : { start: key.start, end: pairEnd(pair) };
  }
  const dash = dashEnd(node, index);
  if (dash === null || index >= node.items.length) return null;
  const item = node.items[index] as Node | null;
  return { start: dash - 1, end: isEmpty(item) ? dash : (spanOf(item)?.end ?? dash) };
}

function deleteLines(text: string, span: Span | null, next: Span | null): Candidates {
  if (span === null) return [];
  if (beginsLine(text, span.start)) {
    if (/[\r\n]/.test(text[span.end - 1] ?? '')) return [[{ start: lineStart(text, span.start), end: span.end, text: '' }]];
    return [[removal(text, span)]];
  }
  // The first key after a dash: the next one moves up to its place.
  const direct = next !== null && text.slice(span.end, next.start).trim() === '';
  return [[{ ...span, end: direct ? next.start : span.end, text: '' }]];
}
