import type { ConfigProblem } from '../model/config.ts';
import type { DocumentEdit } from '../model/document.ts';
import { maskUrl } from '../model/redact.ts';
import type { Transport } from '../model/target.ts';
import { fieldOf, type EntrySource, type Field, type Launch } from './fields.ts';
import { isObject, mendOf, placeOf, problemIn, type EntryFault } from './problem.ts';
import { ROLES, transportMeant } from './words.ts';

export interface TransportReading {
  readonly transport: Transport | null;
  readonly alsoSse: boolean;
  readonly url: Field | undefined;
  readonly problems: readonly ConfigProblem[];
  /** False for what is no MCP server at all. */
  readonly isServer: boolean;
}

interface Remote {
  readonly field: Field | undefined;
  /** The transport that this field stands for. */
  readonly transport: 'http' | 'sse' | null;
  /** The field's name when this client does not know it. */
  readonly wrong: string | null;
}

/** The address under the field that wins; else under a field of another client. */
function findUrl(source: EntrySource): Remote {
  for (const { field, transport } of source.shape.urls) {
    const found = fieldOf(source, field);
    if (found !== undefined) return { field: found, transport, wrong: null };
  }
  for (const name of ROLES.url) {
    const found = fieldOf(source, name);
    if (found !== undefined) return { field: found, transport: name === 'httpUrl' ? 'http' : null, wrong: name };
  }
  return { field: undefined, transport: null, wrong: null };
}

/** Which of this client's fields takes an address for a transport. */
function rightUrlField(source: EntrySource, transport: Transport | null): string {
  const { urls } = source.shape;
  return (urls.find((one) => one.transport === transport) ?? urls.find((one) => one.transport === null) ?? urls[0])?.field ?? 'url';
}

/** The last part of an address says which transport its author had in mind. */
function transportInPath(value: unknown): 'http' | 'sse' | null {
  const path = typeof value === 'string' ? /^[^?#]*/.exec(value)?.[0] : undefined;
  if (path === undefined) return null;
  return /\/sse\/?$/.test(path) ? 'sse' : /\/mcp\/?$/.test(path) ? 'http' : null;
}

/** What kind of server an entry asks for, and how sure its client can be of it. */
export function readTransport(source: EntrySource, launch: Launch): TransportReading {
  const { client, shape, raw, name, file } = source;
  const { type } = shape;
  const remote = findUrl(source);
  const url = remote.field;
  const problems: ConfigProblem[] = [];
  const report = (fault: EntryFault): void => void problems.push(problemIn(source, { server: name, ...fault }));

  const typeField = fieldOf(source, type.field) ?? (type.field === null ? undefined : otherTypeField(source));
  const word = typeof typeField?.value === 'string' ? typeField.value : null;
  const known = word !== null && type.field !== null && Object.hasOwn(type.words, word) ? type.words[word] : undefined;
  if (known === 'other') return { transport: null, alsoSse: false, url, problems, isServer: false };

  if (launch.command === undefined && url === undefined) {
    // A bare switch such as `{ "enabled": false }` changes an entry of another file.
    if (shape.disabled !== null && Object.keys(raw).length === 1 && fieldOf(source, shape.disabled.field) !== undefined) {
      return { transport: null, alsoSse: false, url, problems, isServer: false };
    }
    const other = ROLES.command.find((field) => field !== shape.command && field in raw);
    if (other !== undefined) {
      report({
        code: 'config-bad-entry',
        position: placeOf(source.document, [...source.path, other], 'key'),
        summary: `${client.title} reads the command of "${name}" from \`${shape.command}\`, not from \`${other}\`.`,
        mend: mendOf(file, `Rename \`${other}\` to \`${shape.command}\``, {
          op: 'rename-key',
          path: [...source.path, other],
          value: shape.command,
        }),
      });
    } else report(holdsServers(raw) ? nestedServers(source) : emptyEntry(source));
    return {
      transport: other === undefined ? (word === null ? null : transportMeant(word)) : 'stdio',
      alsoSse: false,
      url,
      problems,
      isServer: true,
    };
  }

  if (url !== undefined && shape.urls.length === 0) {
    report(notInThisFile(source, url));
    return {
      transport: (word === null ? null : transportMeant(word)) ?? transportInPath(url.value) ?? 'http',
      alsoSse: false,
      url,
      problems,
      isServer: true,
    };
  }

  const isRemote = url !== undefined && (launch.command === undefined || shape.both === 'url');
  if (url !== undefined && launch.command !== undefined) {
    report({
      code: 'config-bad-entry',
      position: placeOf(source.document, url.path, 'key'),
      severity: shape.both === 'error' ? 'error' : 'warning',
      summary:
        shape.both === 'error'
          ? `"${name}" has a command and an address; ${client.title} refuses an entry with both.`
          : `"${name}" has a command and an address; only one of them is used.`,
      advice: 'Remove the one that is not meant.',
    });
  }

  if (remote.wrong !== null && isRemote) {
    const right = rightUrlField(source, remote.transport ?? transportInPath(url.value));
    report({
      code: 'config-bad-entry',
      position: placeOf(source.document, url.path, 'key'),
      summary: `${client.title} reads the address of "${name}" from \`${right}\`, not from \`${remote.wrong}\`.`,
      mend: mendOf(file, `Rename \`${remote.wrong}\` to \`${right}\``, { op: 'rename-key', path: url.path, value: right }),
    });
  }

  if (typeField !== undefined && word === null && type.field !== null) {
    report({
      code: 'config-bad-entry',
      position: placeOf(source.document, typeField.path),
      summary: `The type of "${name}" is not a text.`,
      advice: `Write one of ${wordsOf(source)}.`,
    });
  }

  if (word !== null && type.field !== null && typeField !== undefined) {
    const meant = known ?? transportMeant(word);
    const wrongField = typeField.path.at(-1) !== type.field && !shape.others.includes(String(typeField.path.at(-1)));
    if (known === undefined || wrongField)
      report(unknownWord(source, typeField, word, meant === 'http-or-sse' ? 'http' : (meant as Transport | null), wrongField));
    if (meant !== null) {
      if (!isRemote && meant !== 'stdio' && url === undefined) report(contradiction(source, typeField, 'http'));
      if (isRemote && meant === 'stdio') report(contradiction(source, typeField, 'stdio'));
      return meant === 'http-or-sse'
        ? { transport: transportInPath(url?.value) === 'sse' ? 'sse' : 'http', alsoSse: true, url, problems, isServer: true }
        : { transport: meant as Transport, alsoSse: false, url, problems, isServer: true };
    }
  }

  if (!isRemote) {
    if (word === null && type.missingWithCommand === 'error') report(missingType(source, 'stdio'));
    return { transport: 'stdio', alsoSse: false, url, problems, isServer: true };
  }
  if (remote.transport !== null && remote.wrong === null) {
    if (remote.transport === 'sse' && transportInPath(url.value) === 'http') report(takenForSse(source, url));
    return { transport: remote.transport, alsoSse: false, url, problems, isServer: true };
  }
  switch (type.missingWithUrl) {
    case 'error':
      if (word === null) report(missingType(source, transportInPath(url.value) ?? 'http'));
      return { transport: transportInPath(url.value) ?? 'http', alsoSse: false, url, problems, isServer: true };
    case 'sse':
      if (word === null && transportInPath(url.value) === 'http' && remote.wrong === null) report(takenForSse(source, url));
      return { transport: 'sse', alsoSse: false, url, problems, isServer: true };
    case 'http':
      return { transport: 'http', alsoSse: false, url, problems, isServer: true };
    case 'http-or-sse':
    case 'unknown':
      return { transport: transportInPath(url.value) === 'sse' ? 'sse' : 'http', alsoSse: true, url, problems, isServer: true };
  }
}

function holdsServers(raw: EntrySource['raw']): boolean {
  return Object.values(raw).some((value) => isObject(value) && ('command' in value || 'url' in value));
}

/** A whole block of servers pasted where one server belongs. */
function nestedServers(source: EntrySource): EntryFault {
  const { name, file, path, raw, document } = source;
  const above = path.slice(0, -1);
  const isTaken = (inner: string) => inner !== name && document.positionOf([...above, inner]) !== null;
  const insertions = Object.entries(raw).map(([inner, value]): DocumentEdit => ({ op: 'insert', path: [...above, inner], value }));
  return {
    code: 'config-bad-entry',
    position: placeOf(document, path, 'key'),
    summary: `"${name}" holds other servers instead of a command or an address: they belong one level higher.`,
    ...(typeof path.at(-1) === 'number' || Object.keys(raw).some(isTaken)
      ? { advice: `Move the servers in "${name}" one level up, under names that are free, and remove "${name}".` }
      : { mend: mendOf(file, 'Move the servers one level up', { op: 'delete', path }, ...insertions) }),
  };
}

function emptyEntry({ shape, name, path, document }: EntrySource): EntryFault {
  const fields = [shape.command, ...shape.urls.slice(0, 1).map(({ field }) => field)];
  return {
    code: 'config-bad-entry',
    position: placeOf(document, path, 'key'),
    summary: `"${name}" has neither a command nor an address.`,
    advice: `Give it ${fields.map((field) => `\`${field}\``).join(' or ')}, or remove it.`,
  };
}

/** Every type word that the client takes. */
function wordsOf({ shape }: EntrySource): string {
  return Object.keys(shape.type.words).join(', ');
}

function otherTypeField(source: EntrySource): Field | undefined {
  for (const name of ROLES.type) {
    const found = fieldOf(source, name);
    if (name !== source.shape.type.field && typeof found?.value === 'string') return found;
  }
  return undefined;
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

function missingType(source: EntrySource, transport: Transport): EntryFault {
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

function takenForSse(source: EntrySource, url: Field): EntryFault {
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

function unknownWord(source: EntrySource, typeField: Field, word: string, meant: Transport | null, wrongField: boolean): EntryFault {
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
function contradiction(source: EntrySource, typeField: Field, typeSays: 'http' | 'stdio'): EntryFault {
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
function notInThisFile(source: EntrySource, url: Field): EntryFault {
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
