/** Remedies that change a value of the target's own entry, as edits of the file it stands in. */
import type { Client } from '../../clients/client.ts';
import { writeEntry } from '../../clients/write-entry.ts';
import type { ConfigEntry, Mend } from '../../model/config.ts';
import { MASK } from '../../model/redact.ts';
import type { Remedy } from '../../model/remedy.ts';
import type { EntryShape } from '../../clients/shape.ts';

type Edit = Extract<Remedy, { kind: 'edit' }>;

/** An entry with the same entry after its references were replaced. */
export interface EntryInUse {
  readonly client: Client;
  readonly shape: EntryShape;
  readonly entry: ConfigEntry;
  readonly expanded: ConfigEntry;
}

/** The remedies of one finding that are edits of the entry; an address and the type that goes with it are one. */
export function entryMends(known: EntryInUse, remedies: readonly Remedy[]): ReadonlyMap<Remedy, Mend> {
  const mends = new Map<Remedy, Mend>();
  for (const [index, remedy] of remedies.entries()) {
    if (remedy.kind === 'mend') mends.set(remedy, remedy.mend);
    if (remedy.kind !== 'edit') continue;
    const next = remedies[index + 1];
    const before = remedies[index - 1];
    if (remedy.field === 'type' && before?.kind === 'edit' && before.field === 'url') continue;
    const type = remedy.field === 'url' && next?.kind === 'edit' && next.field === 'type' ? next.value : null;
    const value = changed(known, remedy, type);
    if (value !== null)
      mends.set(remedy, {
        title: remedy.title.replace(/:$/, ''),
        edits: [{ op: 'set', file: known.entry.file.path, path: known.entry.path, value }],
      });
  }
  return mends;
}

type Raw = Readonly<Record<string, unknown>>;

/** The whole entry as it should be; writing it back touches only what differs. */
function changed({ entry, expanded, shape }: EntryInUse, { field, value }: Edit, type: string | null): Raw | null {
  if (typeof entry.raw !== 'object' || entry.raw === null || value.includes(MASK)) return null;
  const raw = entry.raw as Raw;
  switch (field) {
    case 'url':
      // A reference or a credential in the old address would be lost.
      if (entry.url !== null && (entry.url !== expanded.url || hidesSomething(entry.url))) return null;
      if (entry.url === null || type !== null)
        return retyped(shape, { ...entry, url: value, transport: transportOf(type) ?? entry.transport }, raw);
      return replaced(raw, entry, 'url', value);
    case 'type': {
      const transport = transportOf(value);
      return transport === null ? null : retyped(shape, { ...entry, transport }, raw);
    }
    case 'command':
      return entry.command === expanded.command ? replaced(raw, entry, 'command', value) : null;
    case 'cwd':
      return entry.at['cwd'] === undefined ? null : replaced(raw, entry, 'cwd', value);
    case 'prefix': {
      const [command = '', ...words] = value.split(' ');
      if (entry.command === null || command === '') return null;
      const args = [...words, entry.command, ...entry.args];
      if (shape.args === null) return { ...raw, [shape.command]: [command, ...args] };
      return typeof raw[shape.command] === 'string' ? { ...raw, [shape.command]: command, [shape.args]: args } : null;
    }
  }
}

function transportOf(word: string | null): 'http' | 'sse' | null {
  return word === 'http' || word === 'sse' ? word : null;
}

function hidesSomething(url: string): boolean {
  if (!URL.canParse(url)) return true;
  const { username, password, search } = new URL(url);
  return username !== '' || password !== '' || search !== '';
}

/** The entry with one of its values replaced where it stands. */
function replaced(raw: Raw, entry: ConfigEntry, field: string, value: string): Raw | null {
  const path = entry.at[field]?.path.slice(entry.path.length);
  return path === undefined || path.length === 0 ? null : (put(raw, path, value) as Raw);
}

function put(inner: unknown, [key, ...rest]: readonly (string | number)[], value: unknown): unknown {
  if (key === undefined) return value;
  if (Array.isArray(inner)) return inner.map((item: unknown, index) => (index === key ? put(item, rest, value) : item));
  const object = (typeof inner === 'object' && inner !== null ? inner : {}) as Raw;
  return { ...object, [key]: put(object[key], rest, value) };
}

/** The entry written anew for another transport; fields that have nothing to do with that stay. */
function retyped(shape: EntryShape, entry: ConfigEntry, raw: Raw): Raw | null {
  const written = writeEntry(shape, { ...entry, transport: entry.transport === 'stdio' ? 'http' : entry.transport });
  if (written === null) return null;
  const local = entry.command === null ? [] : [shape.command, shape.args, shape.env, shape.cwd];
  const gone = new Set([shape.type.field, ...shape.urls.map(({ field }) => field), ...local]);
  const kept = Object.fromEntries(Object.entries(raw).filter(([key]) => !gone.has(key) || key in written));
  const fresh = Object.fromEntries(Object.entries(written).filter(([key]) => gone.has(key) || !(key in raw)));
  return { ...kept, ...fresh };
}
