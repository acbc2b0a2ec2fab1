import type { ConfigEntry, EditIntent, FieldPlace, Mend } from '../model/config.ts';
import type { DocumentEdit, DocumentPath } from '../model/document.ts';
import { MASK } from '../model/redact.ts';
import type { Remedy } from '../model/remedy.ts';
import type { EntryShape, WordMeaning } from './shape.ts';
import { changeUrlText } from './url-text.ts';
import { writeEntry } from './write-entry.ts';

/** An entry as it was used. */
export interface UsedEntry {
  readonly entry: ConfigEntry;
  /** How its client writes entries in this file. */
  readonly shape: EntryShape;
  /** The address of the report, with references filled in and secrets masked; the command line for stdio. */
  readonly address: string;
}

/**
 * What a finding's remedies mean for the entry they were found on: a mend for each remedy that an edit of the entry brings
 * about. A type that goes with an address belongs to the mend of the address.
 */
export function mendsOfRemedies(used: UsedEntry, remedies: readonly Remedy[]): ReadonlyMap<Remedy, Mend> {
  const mends = new Map<Remedy, Mend>();
  for (const [index, remedy] of remedies.entries()) {
    const [before, next] = [remedies[index - 1], remedies[index + 1]];
    if (isType(remedy) && isUrl(before)) continue;
    const parts = isUrl(remedy) && next !== undefined && isType(next) ? [remedy, next] : [remedy];
    const edits = parts.map((part) => editsOf(used, part));
    if (edits.some((one) => one === null || one.some(showsMask))) continue;
    const { path: file } = used.entry.file;
    mends.set(remedy, {
      title: remedy.title.replace(/:$/, ''),
      edits: edits.flatMap((one) => one ?? []).map((edit): EditIntent => ({ ...edit, file })),
    });
  }
  return mends;
}

function isUrl(remedy: Remedy | undefined): boolean {
  return remedy?.kind === 'edit' && remedy.field === 'url';
}

function isType(remedy: Remedy): boolean {
  return remedy.kind === 'edit' && remedy.field === 'type';
}

/** A masked secret must never find its way into a file. */
function showsMask(edit: DocumentEdit): boolean {
  return edit.op !== 'delete' && JSON.stringify(edit.value).includes(MASK);
}

/** The edits for one remedy; null when it cannot be done here. */
function editsOf(used: UsedEntry, remedy: Remedy): readonly DocumentEdit[] | null {
  if (remedy.kind === 'set') return remedy.variable === 'PATH' ? variableEdits(used, remedy.variable, remedy.value) : null;
  if (remedy.kind !== 'edit') return null;
  switch (remedy.field) {
    case 'url':
      return urlEdits(used, remedy.value);
    case 'type':
      return remedy.value === 'http' || remedy.value === 'sse' ? typeEdits(used, remedy.value) : null;
    case 'command':
      return replaced(used.entry.at['command'], remedy.value);
    case 'cwd':
      return replaced(used.entry.at['cwd'], remedy.value);
    case 'prefix':
      return prefixEdits(used, remedy.value.split(' '));
  }
}

function replaced(place: FieldPlace | undefined, value: unknown): readonly DocumentEdit[] | null {
  return place === undefined ? null : [{ op: 'set', path: place.path, value }];
}

function urlEdits({ entry, shape, address }: UsedEntry, value: string): readonly DocumentEdit[] | null {
  const { url, at } = entry;
  if (url !== null) {
    const text = changeUrlText(url, address, value);
    return text === null ? null : replaced(at['url'], text);
  }
  // The address of a server that somebody has to start first is no mend; an address in the command field is one.
  const remote = entry.command === value && isRecord(entry.raw) ? writeEntry(shape, { ...entry, url: value, transport: 'http' }) : null;
  if (remote === null || !isRecord(entry.raw)) return null;
  const local = new Set([shape.type.field, shape.command, shape.args]);
  const kept = Object.entries(entry.raw).filter(([field]) => !local.has(field));
  return [{ op: 'set', path: entry.path, value: { ...Object.fromEntries(kept), ...remote } }];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function typeEdits({ entry, shape }: UsedEntry, wanted: 'http' | 'sse'): readonly DocumentEdit[] | null {
  const { at } = entry;
  const place = at['url'];
  if (place === undefined) return null;
  const used = shape.urls.find(({ field }) => field === place.path.at(-1));
  // Some clients tell the transports apart by the name of the field that holds the address; it counts for more than a type.
  const fitting = shape.urls.find(({ transport }) => transport === wanted) ?? shape.urls.find(({ transport }) => transport === null);
  if (used === undefined || fitting === undefined) return null;
  const fits = used.transport === null || used.transport === wanted;
  const rename: readonly DocumentEdit[] = fits ? [] : [{ op: 'rename-key', path: place.path, value: fitting.field }];
  if ((fits ? used : fitting).transport !== null) return rename.length === 0 ? null : rename;
  const { field, words, write } = shape.type;
  const word = write[wanted];
  if (field === null || word === null || !says(words[word], wanted)) return null;
  return [...rename, wordEdit(at['type'], [...place.path.slice(0, -1), field], word)];
}

/** Whether a type word of this client means the wanted transport, and not one that stands in for it. */
function says(meaning: WordMeaning | undefined, wanted: 'http' | 'sse'): boolean {
  return meaning === wanted || (meaning === 'http-or-sse' && wanted === 'http');
}

function wordEdit(place: FieldPlace | undefined, path: DocumentPath, word: string): DocumentEdit {
  return place === undefined ? { op: 'insert', path, value: word } : { op: 'set', path: place.path, value: word };
}

function prefixEdits({ entry, shape }: UsedEntry, words: readonly string[]): readonly DocumentEdit[] | null {
  const { at, command } = entry;
  const place = at['command'];
  const [first, ...others] = words;
  if (place === undefined || command === null || first === undefined) return null;
  if (shape.args === null) {
    const list = place.path.slice(0, -1);
    return words.map((word, index) => ({ op: 'insert', path: [...list, index], value: word }));
  }
  const moved = [...others, command];
  const args = at['args']?.path;
  const parent = place.path.slice(0, -1);
  return [
    { op: 'set', path: place.path, value: first },
    ...(args === undefined
      ? [{ op: 'insert', path: [...parent, shape.args], value: moved } as const]
      : moved.map((word, index) => ({ op: 'insert', path: [...args, index], value: word }) as const)),
  ];
}

/** Clients that refuse such a variable in an entry. */
const REFUSES_PATH: ReadonlySet<string> = new Set(['goose']);

function variableEdits({ entry, shape }: UsedEntry, name: string, value: string): readonly DocumentEdit[] | null {
  const { at } = entry;
  const place = at['command'];
  if (place === undefined || REFUSES_PATH.has(entry.client)) return null;
  const known = at[`env.${name}`];
  if (known !== undefined) return [{ op: 'set', path: known.path, value }];
  const list = shape.args === null ? place.path.slice(0, -1) : place.path;
  const table = at['env']?.path ?? [...list.slice(0, -1), shape.env];
  return [{ op: 'insert', path: [...table, name], value }];
}
