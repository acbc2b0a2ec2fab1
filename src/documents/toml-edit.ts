import type { DocumentPath } from '../model/document.ts';
import { type Bracketed, deleteItem, insertItem } from './brackets.ts';
import type { Candidates, Editor, Source } from './editor.ts';
import { BOM } from './lines.ts';
import { afterLineEnd, indentAt, insertAt, lineEnd, lineEnding, lineStart, removal, type Splice } from './splice.ts';
import { styleOf } from './style.ts';
import { nameOf, spanOf } from './toml.ts';
import { keySpans, namesOf, type Places, placesOf, samePath, type Section, startsWith, type Written, writtenAt } from './toml-places.ts';
import { keyText, pairText, sectionText, valueText } from './toml-text.ts';

/** TOML: spliced at the offsets of its keys, values and headers. */
export const tomlEditor: Editor = {
  set({ text }, path, value) {
    const places = placesOf(text);
    if (places === null) return [];
    const written = writtenAt(places, path);
    if (written === null) return replaceTable(text, places, path, value);
    const rendered = valueText(value, written.node);
    return rendered === null ? [] : [[{ ...spanOf(written.node), text: rendered }]];
  },

  insert(source, path, value) {
    const places = placesOf(source.text);
    const key = path.at(-1);
    if (places === null || key === undefined) return [];
    const parent = path.slice(0, -1);
    const written = writtenAt(places, parent);
    if (written !== null) return insertInside(source, written, key, value);
    if (typeof key !== 'string') return [];
    const section = isTable(value) ? insertSection(source.text, places, path, value) : [];
    const pair = insertPair(source.text, places, parent, key, value);
    // A table beside tables becomes one of them; a table within one server's keys stays on its line.
    const besideTables = places.sections.some((other) => other.path.length > parent.length && startsWith(other.path, parent));
    const onlyTables = !places.pairs.some((other) => samePath(other.table, parent));
    return besideTables || onlyTables ? [...section, ...pair] : [...pair, ...section];
  },

  delete({ text }, path) {
    const places = placesOf(text);
    if (places === null) return [];
    const written = writtenAt(places, path);
    if (written === null) return deleteTable(text, places, path);
    if (written.inside !== null) return [deleteItem(inside(text, written.inside.container), written.inside.index)];
    const { node } = written.pair;
    const owner = node.key.keys.slice(0, -1).map(nameOf);
    const emptied = owner.length === 0 ? [] : [[{ ...spanOf(node), text: pairText(owner, {}) ?? '' }]];
    return [[removal(text, spanOf(node))], ...emptied];
  },

  rename({ text }, path, name) {
    const places = placesOf(text);
    if (places === null) return [];
    const { inside: container } = writtenAt(places, path) ?? { inside: null };
    if (container !== null && container.container.type === 'TOMLInlineTable') {
      const key = container.container.body[container.index]?.key.keys.at(-1);
      return key === undefined ? [] : [[{ ...spanOf(key), text: keyText(name) }]];
    }
    const spans = keySpans(places, path);
    return spans.length === 0 ? [] : [spans.map((span) => ({ ...span, text: keyText(name) }))];
  },
};

function isTable(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

function inside(text: string, container: NonNullable<Written['inside']>['container']): Bracketed {
  const items = container.type === 'TOMLArray' ? container.elements : container.body;
  return { text, span: spanOf(container), items: items.map(spanOf), comments: 'hash' };
}

function insertInside({ text, root }: Source, { node }: Written, key: string | number, value: unknown): Candidates {
  if (node.type === 'TOMLValue') return [];
  const rendered = typeof key === 'number' ? valueText(value) : pairText([key], value);
  if (rendered === null) return [];
  const container = inside(text, node);
  return [
    insertItem(container, {
      index: typeof key === 'number' ? key : container.items.length,
      render: () => rendered,
      style: styleOf(text, root),
      spread: false,
      trailingComma: node.type === 'TOMLArray',
    }),
  ];
}

/** `key = value` among the lines of its table, beside its dotted siblings, or under a header of its own. */
function insertPair(text: string, places: Places, parent: DocumentPath, key: string, value: unknown): Candidates {
  const section = places.sections.find(({ path }) => samePath(path, parent));
  const siblings = places.pairs.filter(
    ({ path, table }) => startsWith(path, parent) && path.length > parent.length && startsWith(parent, table),
  );
  const last = siblings.findLast(({ table }) => samePath(table, parent)) ?? siblings.at(-1);
  if (last !== undefined) {
    const rendered = pairText([...namesOf(parent.slice(last.table.length)), key], value);
    return rendered === null ? [] : [[insertLine(text, last.node.range[1], indentAt(text, last.node.range[0]) + rendered)]];
  }
  const rendered = pairText([key], value);
  if (rendered === null) return [];
  if (section !== undefined) return [[insertLine(text, section.span.end, indentAt(text, section.span.start) + rendered)]];
  if (parent.length > 0) return insertSection(text, places, parent, { [key]: value });
  const start = text.startsWith(BOM) ? 1 : 0;
  const gap = places.sections.length > 0 && text[start] !== '\n' && text[start] !== '\r' ? lineEnding(text) : '';
  return [[insertAt(start, rendered + lineEnding(text) + gap)]];
}

/** A line of its own after the line that ends at an offset. */
function insertLine(text: string, offset: number, line: string): Splice {
  return insertAt(lineEnd(text, offset), lineEnding(text) + line);
}

/** `[a.b]` with its lines, after the last table that has the same parent, else at the end of the file. */
function insertSection(text: string, { sections }: Places, path: DocumentPath, value: object): Candidates {
  const rendered = sectionText(namesOf(path), value, lineEnding(text));
  if (rendered === null) return [];
  const end = lineEnding(text);
  const kin = path.length > 1 ? sections.findLast((section) => startsWith(section.path, path.slice(0, -1))) : undefined;
  if (kin !== undefined) return [[insertAt(lineEnd(text, kin.span.end), end + end + rendered)]];
  if (text.replace(BOM, '').trim() === '') return [[insertAt(text.length, rendered + end)]];
  return [[insertAt(text.trimEnd().length, end + end + rendered)]];
}

/** A table written by headers, with all its tables below, as one new section in the place of the first, or as a line of its parent. */
function replaceTable(text: string, places: Places, path: DocumentPath, value: unknown): Candidates {
  const key = path.at(-1);
  const [first, ...others] = ownSections(places, path);
  if ((!isTable(value) || first === undefined) && typeof key === 'string') {
    const [pair = []] = insertPair(text, places, path.slice(0, -1), key, value);
    return deleteTable(text, places, path).map((removals) => [...removals, ...pair]);
  }
  const rendered = isTable(value) ? sectionText(namesOf(path), value, lineEnding(text)) : null;
  if (rendered === null || first === undefined) return [];
  return [
    [{ ...first.span, text: rendered }, ...others.map(({ span }) => sectionRemoval(text, span)), ...dottedRemovals(text, places, path)],
  ];
}

function deleteTable(text: string, places: Places, path: DocumentPath): Candidates {
  const own = ownSections(places, path);
  const removals = [...own.map(({ span }) => sectionRemoval(text, span)), ...dottedRemovals(text, places, path)];
  const [first, ...others] = own;
  const parent = namesOf(path.slice(0, -1));
  if (first === undefined || parent.length === 0) return [removals];
  // A parent that is known by this table only would go with it.
  const header = sectionText(parent, {}, lineEnding(text)) ?? '';
  return [
    removals,
    [{ ...first.span, text: header }, ...others.map(({ span }) => sectionRemoval(text, span)), ...dottedRemovals(text, places, path)],
  ];
}

function ownSections({ sections }: Places, path: DocumentPath): readonly Section[] {
  return sections.filter((section) => startsWith(section.path, path));
}

/** Lines among those of a table above that write into this one with dotted keys. */
function dottedRemovals(text: string, { pairs }: Places, path: DocumentPath): readonly Splice[] {
  return pairs
    .filter((pair) => startsWith(pair.path, path) && !startsWith(pair.table, path))
    .map(({ node }) => removal(text, spanOf(node)));
}

/** Removes a section's lines, and one of two blank lines that would then meet. */
function sectionRemoval(text: string, span: Section['span']): Splice {
  const splice = removal(text, span);
  const before = text.slice(0, splice.start);
  const blankBefore = before === '' || before === BOM || /(?:\r\n|\n|\r)[ \t]*(?:\r\n|\n|\r)$/.test(before);
  const next = lineEnd(text, splice.end);
  const blankAfter = lineStart(text, splice.end) === splice.end && text.slice(splice.end, next).trim() === '' && next < text.length;
  return blankBefore && blankAfter ? { ...splice, end: afterLineEnd(text, next) } : splice;
}
