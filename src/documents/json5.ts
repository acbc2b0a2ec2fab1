import { parse, type ValueNode } from '@humanwhocodes/momoa';
import { duplicateKeys, scalarNode, type Reading, type Span, type TreeNode } from './tree.ts';

/** How many places before a fault are tried as the end of what can be read. */
const CUTS = 100;

/** Reads JSON5. The parser stops at the first fault; what precedes it is read by closing what is open there. */
export function readJson5(text: string): Reading {
  const whole = attempt(text);
  if ('root' in whole) return { root: whole.root, faults: duplicateKeys(whole.root) };
  const { fault } = whole;
  const span: Span = { start: fault, end: Math.min(text.length, fault + 1) };
  const faults: Reading['faults'] = [{ code: 'syntax', span, message: 'This is not JSON5.' }];
  for (const beginning of beginnings(text.slice(0, fault)).slice(-CUTS).reverse()) {
    const part = attempt(beginning);
    if ('root' in part) return { root: part.root, faults };
  }
  return { root: null, faults };
}

function attempt(text: string): { readonly root: TreeNode } | { readonly fault: number } {
  // The parser never comes back from a string that ends with a backslash at the end of the text.
  const open = text.replace(TOKEN, (token) => ' '.repeat(token.length)).search(/['"]/);
  if (open !== -1) return { fault: open };
  try {
    return { root: toTree(parse(text, { mode: 'json5', ranges: true, allowTrailingCommas: true }).body) };
  } catch (error) {
    if (error instanceof RangeError) throw error;
    const offset = error instanceof Error && 'offset' in error && typeof error.offset === 'number' ? error.offset : 0;
    // An early end of the text is reported at 0.
    return { fault: offset === 0 && text.trim() !== '' ? text.length : offset };
  }
}

function toTree(node: ValueNode): TreeNode {
  const [start = 0, end = 0] = node.range ?? [];
  const span = { start, end };
  switch (node.type) {
    case 'Object': {
      const members = node.members.map(({ name, value }) => ({
        key: name.type === 'Identifier' ? name.name : name.value,
        keySpan: { start: name.range?.[0] ?? 0, end: name.range?.[1] ?? 0 },
        node: toTree(value),
      }));
      return { kind: 'object', span, scalar: undefined, members };
    }
    case 'Array':
      return {
        kind: 'array',
        span,
        scalar: undefined,
        members: node.elements.map(({ value }, key) => ({ key, keySpan: null, node: toTree(value) })),
      };
    case 'Null':
      return scalarNode(null, span);
    case 'NaN':
      return scalarNode(Number.NaN, span);
    case 'Infinity':
      return scalarNode(node.sign === '-' ? -Infinity : Infinity, span);
    case 'String':
    case 'Number':
    case 'Boolean':
      return scalarNode(node.value, span);
  }
}

const TOKEN = /\/\/[^\n\r]*|\/\*[\s\S]*?\*\/|'(?:\\[\s\S]|[^'\\])*'|"(?:\\[\s\S]|[^"\\])*"|[[\]{},]/g;

/** Beginnings of a text that end before a comma or after an opening bracket, with all that is open closed, shortest first. */
function beginnings(text: string): readonly string[] {
  const found: string[] = [];
  const closers: string[] = [];
  const note = (end: number): void => void found.push(text.slice(0, end) + closers.toReversed().join(''));
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    if (token === ',') note(index);
    else if (token === '{' || token === '[') {
      closers.push(token === '{' ? '}' : ']');
      note(index + 1);
    } else if (token === '}' || token === ']') closers.pop();
  }
  note(text.length);
  return found;
}
