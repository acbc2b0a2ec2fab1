/** What can be wrong with the transport of an entry, in words and with the edit that mends it. */
import type { DocumentEdit } from '../model/document.ts';
import { maskUrl } from '../model/redact.ts';
import type { Transport } from '../model/target.ts';
import type { EntrySource, Field } from './fields.ts';
import { isObject, mendOf, placeOf, type EntryFault } from './problem.ts';

/** Which of this client's fields takes an address for a transport. */
export function rightUrlField(source: EntrySource, transport: Transport | null): string {
  const { urls } = source.shape;
  return (urls.find((one) => one.transport === transport) ?? urls.find((one) => one.transport === null) ?? urls[0])?.field ?? 'url';
}

/** A whole block of servers pasted where one server belongs. */
export function nestedServers(source: EntrySource): EntryFault {
  const { name, file, path, raw, document } = source;
  const above = path.slice(0, -1);
  const isMovable = ([inner, value]: readonly [string, unknown]) =>
    isObject(value) && (inner === name || document.positionOf([...above, inner]) === null);
  const insertions = Object.entries(raw).map(([inner, value]): DocumentEdit => ({ op: 'insert', path: [...above, inner], value }));
  return {
    code: 'config-bad-entry',
    position: placeOf(document, path, 'key'),
    summary: `"${name}" holds other servers instead of a command or an address: they belong one level higher.`,
    ...(typeof path.at(-1) === 'string' && Object.entries(raw).every(isMovable)
      ? { mend: mendOf(file, 'Move the servers one level up', { op: 'delete', path }, ...insertions) }
      : { advice: `Move the servers in "${name}" one level up, under names that are free, and remove "${name}".` }),
  };
}

/** An entry from which nothing can be told. */
export function emptyEntry({ shape, name, path, document }: EntrySource): EntryFault {
  const fields = [shape.command, ...shape.urls.slice(0, 1).map(({ field }) => field)];
  return {
    code: 'config-bad-entry',
    position: placeOf(document, path, 'key'),
    summary: `"${name}" has neither a command nor an address.`,
    advice: `Give it ${fields.map((field) => `\`${field}\``).join(' or ')}, or remove it.`,
  };
}

/** Every type word that the client takes. */
export function wordsOf({ shape }: EntrySource): string {
  return Object.keys(shape.type.words).join(', ');
}

/** Where and how to write a type word: replaced when it is there, added when not. */
function typeEdit(source: EntrySource, word: string, typeField?: Field): readonly DocumentEdit[] {
  const right = source.shape.type.field ?? 'type';
  if (typeField === undefined) return [{ op: 'insert', path: [...source.path, right], value: word }];
  if (typeField.path.at(-1) === right || source.shape.others.includes(String(typeField.path.at(-1))))
    return [{ op: 'set', path: typeField.path, value: word }];
  return [
    { op: 'set', path: typeField.path, value: word },
    { op: 'rename-key', path: typeField.path, value: right },
  ];
}

/** An entry without the type word that its client wants. */
export function missingType(source: EntrySource, transport: Transport): EntryFault {
  const { client, shape, name, file, path, document } = source;
  const word = shape.type.write[transport];
  const field = shape.type.field ?? 'type';
  return {
    code: 'config-bad-entry',
    position: placeOf(document, path, 'key'),
    summary: `"${name}" has ${transport === 'stdio' ? 'a command' : 'an address'} and no \`${field}\`: ${client.title} does not use such an entry.`,
    ...(word === null
      ? { advice: `Add \`${field}\`: one of ${wordsOf(source)}.` }
      : { mend: mendOf(file, `Add \`${field}\` ${word}`, ...typeEdit(source, word)) }),
  };
}

/** An address of Streamable HTTP that this client takes for one of HTTP+SSE, for want of a type word or by its field. */
export function takenForSse(source: EntrySource, url: Field): EntryFault {
  const { client, shape, name, file } = source;
  const word = shape.type.write.http;
  const right = rightUrlField(source, 'http');
  const mend =
    shape.type.field !== null && word !== null
      ? mendOf(file, `Add \`${shape.type.field}\` ${word}`, ...typeEdit(source, word))
      : mendOf(file, `Rename \`${String(url.path.at(-1))}\` to \`${right}\``, { op: 'rename-key', path: url.path, value: right });
  return {
    code: 'config-bad-entry',
    severity: 'warning',
    certainty: 'likely',
    position: placeOf(source.document, url.path, 'key'),
    summary: `${client.title} takes the address of "${name}" for HTTP+SSE, and it looks like one of Streamable HTTP.`,
    mend,
  };
}

/** A type word that the client does not know, or one in a field that it does not read. */
export function unknownWord(source: EntrySource, typeField: Field, word: string, meant: Transport | null, wrongField: boolean): EntryFault {
  const { client, shape, name, file } = source;
  const right = meant === null ? null : shape.type.write[meant];
  const accepted = wordsOf(source);
  const field = String(typeField.path.at(-1));
  const takesFile = client.badEntry === 'file' ? ' It then loads no server of this file.' : '';
  return {
    code: 'config-bad-entry',
    position: placeOf(source.document, typeField.path, wrongField ? 'key' : 'value'),
    summary: wrongField
      ? `${client.title} reads the transport of "${name}" from \`${shape.type.field ?? ''}\`, not from \`${field}\`.`
      : `${client.title} does not know the type "${word}" of "${name}"; it takes ${accepted}.${takesFile}`,
    ...(right === null
      ? { advice: `Write one of ${accepted}.` }
      : { mend: mendOf(file, `Write \`${shape.type.field ?? ''}\` ${right}`, ...typeEdit(source, right, typeField)) }),
  };
}

/** A type that does not go with what the entry has. */
export function contradiction(source: EntrySource, typeField: Field, typeSays: 'http' | 'stdio'): EntryFault {
  const { shape, name, file } = source;
  const right = shape.type.write[typeSays === 'stdio' ? 'http' : 'stdio'];
  const edit: DocumentEdit = right === null ? { op: 'delete', path: typeField.path } : { op: 'set', path: typeField.path, value: right };
  return {
    code: 'config-bad-entry',
    position: placeOf(source.document, typeField.path),
    summary:
      typeSays === 'stdio'
        ? `The type of "${name}" is that of a local server, and the entry has an address.`
        : `The type of "${name}" is that of a remote server, and the entry has a command and no address.`,
    mend: mendOf(file, right === null ? 'Remove the type' : `Set the type to ${right}`, edit),
  };
}

/** A remote server in a file for local ones; `mcp-remote` bridges it, as long as no header is needed. */
export function notInThisFile(source: EntrySource, url: Field): EntryFault {
  const { client, name, file, path, raw } = source;
  const address = typeof url.value === 'string' && URL.canParse(url.value) ? url.value : null;
  return {
    code: 'config-bad-entry',
    position: placeOf(source.document, url.path, 'key'),
    summary: `${client.title} takes no remote servers from this file and skips "${name}".`,
    advice: 'Add the server under Settings > Connectors instead, if it can be reached from the internet.',
    ...(address === null || 'headers' in raw
      ? {}
      : {
          mend: mendOf(file, `Start mcp-remote for ${maskUrl(new URL(address))}`, {
            op: 'set',
            path,
            value: { command: 'npx', args: ['-y', 'mcp-remote', address] },
          }),
        }),
  };
}
