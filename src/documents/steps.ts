import { isDeepStrictEqual } from 'node:util';
import type { DocumentPath, EditError } from '../model/document.ts';
import { setOwn } from './tree.ts';

/** An edit that changes one place of the text. */
export type Step =
  | { readonly op: 'set' | 'insert'; readonly path: DocumentPath; readonly value: unknown }
  | { readonly op: 'delete'; readonly path: DocumentPath }
  | { readonly op: 'rename-key'; readonly path: DocumentPath; readonly value: string };

type PlainObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is PlainObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** A copy in plain objects and arrays, which compares equal to what a text reads as. */
export function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (Object.is(value, -0)) return 0;
  if (!isObject(value)) return value;
  const copy: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value)) setOwn(copy, key, plain(inner));
  return copy;
}

/** What a value holds under a key of its own; undefined when it has no such key. */
export function child(value: unknown, key: string | number): { readonly value: unknown } | undefined {
  if (Array.isArray(value)) return typeof key === 'number' && key in value ? { value: value[key] } : undefined;
  if (!isObject(value) || typeof key !== 'string' || !Object.hasOwn(value, key)) return undefined;
  return { value: value[key] };
}

/** What a path leads to; undefined when it leads nowhere. */
export function lookUp(value: unknown, path: DocumentPath): { readonly value: unknown } | undefined {
  return path.reduce<{ readonly value: unknown } | undefined>((found, key) => found && child(found.value, key), { value });
}

/** The value after a step; an error when the step does not apply to it. */
export function applyStep(value: unknown, step: Step): { readonly value: unknown } | { readonly error: EditError } {
  return change(value, step.path, step);
}

function change(value: unknown, path: DocumentPath, step: Step): { readonly value: unknown } | { readonly error: EditError } {
  const [key, ...rest] = path;
  if (key === undefined) return step.op === 'set' ? { value: plain(step.value) } : { error: 'path-missing' };
  if (rest.length > 0) {
    const inner = child(value, key);
    if (inner === undefined) return { error: 'path-missing' };
    const changed = change(inner.value, rest, step);
    return 'error' in changed ? changed : { value: put(value, key, changed.value) };
  }
  const known = child(value, key) !== undefined;
  switch (step.op) {
    case 'set':
      return known ? { value: put(value, key, plain(step.value)) } : { error: 'path-missing' };
    case 'insert':
      return insert(value, key, plain(step.value), known);
    case 'delete':
      if (!known) return { error: 'path-missing' };
      if (Array.isArray(value)) return { value: value.filter((_, index) => index !== key) };
      return { value: fromPairs(Object.entries(value as PlainObject).filter(([name]) => name !== key)) };
    case 'rename-key':
      if (!known || !isObject(value)) return { error: 'path-missing' };
      if (Object.hasOwn(value, step.value)) return { error: 'path-exists' };
      return { value: fromPairs(Object.entries(value).map(([name, inner]) => [name === key ? step.value : name, inner])) };
  }
}

function insert(value: unknown, key: string | number, added: unknown, known: boolean): ReturnType<typeof change> {
  if (Array.isArray(value)) {
    const fits = typeof key === 'number' && Number.isInteger(key) && key >= 0 && key <= value.length;
    return fits ? { value: value.toSpliced(key, 0, added) } : { error: 'path-missing' };
  }
  if (known) return { error: 'path-exists' };
  // A key with nothing after it, or an empty file, is how YAML users leave an empty map.
  if (typeof key !== 'string' || (value != null && !isObject(value))) return { error: 'path-missing' };
  return { value: put(value ?? {}, key, added) };
}

function put(value: unknown, key: string | number, inner: unknown): unknown {
  if (Array.isArray(value)) return value.map((item, index) => (index === key ? inner : item));
  const copy = fromPairs(Object.entries(value as PlainObject));
  setOwn(copy, String(key), inner);
  return copy;
}

function fromPairs(pairs: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  for (const [key, value] of pairs) setOwn(object, key, value);
  return object;
}

/** The smallest steps that turn one value into another, so that what both have in common keeps its text. */
export function difference(before: unknown, after: unknown, path: DocumentPath): readonly Step[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (Array.isArray(before) && Array.isArray(after) && before.length > 0 && after.length > 0) return arrayDifference(before, after, path);
  const shared = isObject(before) && isObject(after) && Object.keys(before).some((key) => Object.hasOwn(after, key));
  if (!shared) return [{ op: 'set', path, value: after }];
  return [
    ...Object.keys(before).flatMap((key): readonly Step[] => {
      const here = [...path, key];
      return Object.hasOwn(after, key) ? difference(before[key], after[key], here) : [{ op: 'delete', path: here }];
    }),
    ...Object.keys(after).flatMap((key): readonly Step[] =>
      Object.hasOwn(before, key) ? [] : [{ op: 'insert', path: [...path, key], value: after[key] }],
    ),
  ];
}

function arrayDifference(before: readonly unknown[], after: readonly unknown[], path: DocumentPath): readonly Step[] {
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && isDeepStrictEqual(before[head], after[head])) head += 1;
  let tail = 0;
  while (tail < shorter - head && isDeepStrictEqual(before[before.length - 1 - tail], after[after.length - 1 - tail])) tail += 1;
  const both = shorter - tail;
  const steps: Step[] = [];
  for (let index = head; index < both; index += 1) steps.push(...difference(before[index], after[index], [...path, index]));
  for (let index = before.length - tail - 1; index >= both; index -= 1) steps.push({ op: 'delete', path: [...path, index] });
  for (let index = both; index < after.length - tail; index += 1) steps.push({ op: 'insert', path: [...path, index], value: after[index] });
  return steps;
}
