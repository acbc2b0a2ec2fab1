import { bracketed, deleteItem, insertItem } from './brackets.ts';
import type { Candidates, Editor } from './editor.ts';
import { BOM } from './lines.ts';
import { indentAt, insertAt } from './splice.ts';
import { styleOf, type Style } from './style.ts';
import { memberAt, nodeAt, type TreeNode } from './tree.ts';

const IDENTIFIER = /^(?!(?:true|false|null|NaN|Infinity)$)[A-Za-z_$][\w$]*$/;

/** JSON, JSONC and JSON5: what is added is written as JSON, which all of them read; quotes are those of what it stands beside. */
export function jsonEditor(dialect: 'json' | 'jsonc' | 'json5'): Editor {
  return {
    set({ text, root }, path, value) {
      const node = nodeAt(root, path);
      if (node === null) return [];
      const rendered = render(value, styleOf(text, root), indentAt(text, node.span.start));
      const single = rendered.startsWith('"') && text[node.span.start] === "'";
      return [[{ ...node.span, text: single ? requote(rendered) : rendered }]];
    },

    insert({ text, root }, path, value) {
      const parent = nodeAt(root, path.slice(0, -1));
      const key = path.at(-1);
      if (root === null && path.length === 1 && typeof key === 'string') return fillEmpty(text, key, value);
      if (parent === null || key === undefined) return [];
      const style = styleOf(text, root);
      const name = typeof key === 'string' ? renderKey(text, parent, key) + colon(text, parent) : '';
      const inline = parent.members.length > 0 && !text.slice(parent.span.start, parent.span.end).includes('\n');
      const splices = insertItem(bracketed(text, parent, 'slashes'), {
        index: typeof key === 'number' ? key : parent.members.length,
        render: (indent) => name + render(value, { ...style, lines: style.lines && !inline }, indent),
        style,
        spread: style.lines && parent.kind === 'object',
        trailingComma: dialect !== 'json',
      });
      return [splices];
    },

    delete({ text, root }, path) {
      const parent = nodeAt(root, path.slice(0, -1));
      const member = memberAt(root, path);
      if (parent === null || member === undefined) return [];
      return [deleteItem(bracketed(text, parent, 'slashes'), parent.members.indexOf(member))];
    },

    rename({ text, root }, path, name) {
      const span = memberAt(root, path)?.keySpan;
      const parent = nodeAt(root, path.slice(0, -1));
      return span && parent ? [[{ ...span, text: renderKeyLike(text.slice(span.start, span.end), name) }]] : [];
    },
  };

  function renderKey(text: string, parent: TreeNode, name: string): string {
    const sibling = parent.members.findLast(({ keySpan }) => keySpan !== null)?.keySpan;
    return renderKeyLike(sibling ? text.slice(sibling.start, sibling.end) : '', name);
  }

  function renderKeyLike(like: string, name: string): string {
    if (dialect !== 'json5' || like === '' || like.startsWith('"')) return JSON.stringify(name);
    if (like.startsWith("'")) return requote(JSON.stringify(name));
    return IDENTIFIER.test(name) ? name : JSON.stringify(name);
  }
}

/** The first key of a file that has nothing in it. */
function fillEmpty(text: string, key: string, value: unknown): Candidates {
  const style = { ...styleOf(text, null), lines: true };
  return text.replace(BOM, '').trim() === '' ? [[insertAt(text.length, render({ [key]: value }, style, '') + style.lineEnding)]] : [];
}

/** A double-quoted string in single quotes. */
function requote(text: string): string {
  return `'${text.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

/** What stands between key and value beside the new one. */
function colon(text: string, parent: TreeNode): string {
  const sibling = parent.members.findLast(({ keySpan }) => keySpan !== null);
  const between = sibling?.keySpan ? text.slice(sibling.keySpan.end, sibling.node.span.start) : '';
  return /^[ \t]*:[ \t]*$/.test(between) ? between : ': ';
}

/** Objects on several lines where the text has several; arrays of scalars on one, as configs are written. */
function render(value: unknown, style: Style, indent: string): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'undefined';
  const deeper = indent + style.unit;
  const isArray = Array.isArray(value);
  const items = isArray
    ? value.map((item) => render(item, style, deeper))
    : Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${render(item, style, deeper)}`);
  const [open, close] = isArray ? '[]' : '{}';
  if (items.length === 0) return `${open}${close}`;
  const plain = isArray && value.every((item) => item === null || typeof item !== 'object');
  if (plain) return `[${items.join(', ')}]`;
  if (!style.lines) return isArray ? `[${items.join(', ')}]` : `{ ${items.join(', ')} }`;
  const separator = style.lineEnding + deeper;
  return `${open}${separator}${items.join(`,${separator}`)}${style.lineEnding}${indent}${close}`;
}
