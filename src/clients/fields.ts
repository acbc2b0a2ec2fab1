/** Looks into one entry: which field holds what, and where it stands. */
import type { FieldPlace } from '../model/config.ts';
import type { DocumentPath } from '../model/document.ts';
import { isObject, placeOf, type Source } from './problem.ts';

/** An entry that is being read. */
export interface EntrySource extends Source {
  readonly name: string;
  readonly path: DocumentPath;
  readonly raw: Readonly<Record<string, unknown>>;
}

export interface Field {
  readonly value: unknown;
  readonly path: DocumentPath;
}

/** A field of the entry, or of the object inside it that older forms use; undefined when it is not there. */
export function fieldOf(source: EntrySource, name: string | null): Field | undefined {
  if (name === null) return undefined;
  const { raw, path, shape } = source;
  if (Object.hasOwn(raw, name)) return { value: raw[name], path: [...path, name] };
  const inner = shape.inner === undefined ? undefined : raw[shape.inner];
  if (shape.inner !== undefined && isObject(inner) && Object.hasOwn(inner, name)) {
    return { value: inner[name], path: [...path, shape.inner, name] };
  }
  return undefined;
}

/** A field below other keys. */
export function deepField(source: EntrySource, names: readonly string[]): Field | undefined {
  const [first = '', ...rest] = names;
  let field = fieldOf(source, first);
  for (const name of rest) {
    if (field === undefined || !isObject(field.value) || !Object.hasOwn(field.value, name)) return undefined;
    field = { value: field.value[name], path: [...field.path, name] };
  }
  return field;
}

/** What the launch command is made of, wherever the client keeps it. */
export interface Launch {
  readonly command: Field | undefined;
  readonly args: Field | undefined;
  readonly env: Field | undefined;
}

export function launchOf(source: EntrySource): Launch {
  const { shape } = source;
  const command = fieldOf(source, shape.command);
  if (shape.commandObject && command !== undefined && isObject(command.value)) {
    const { value, path } = command;
    const inside = (name: string): Field | undefined =>
      Object.hasOwn(value, name) ? { value: value[name], path: [...path, name] } : undefined;
    return { command: inside('path'), args: inside('args'), env: inside('env') };
  }
  return { command, args: fieldOf(source, shape.args), env: fieldOf(source, shape.env) };
}

export function fieldPlace(source: EntrySource, path: DocumentPath): FieldPlace {
  return { path, position: placeOf(source.document, path) };
}
