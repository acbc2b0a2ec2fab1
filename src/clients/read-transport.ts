import type { ConfigProblem } from '../model/config.ts';
import type { Transport } from '../model/target.ts';
import { fieldOf, type EntrySource, type Field, type Launch } from './fields.ts';
import { isObject, mendOf, placeOf, problemIn, type EntryFault } from './problem.ts';
import {
  contradiction,
  emptyEntry,
  missingType,
  nestedServers,
  notInThisFile,
  rightUrlField,
  takenForSse,
  unknownWord,
  wordsOf,
} from './transport-faults.ts';
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

function otherTypeField(source: EntrySource): Field | undefined {
  for (const name of ROLES.type) {
    const found = fieldOf(source, name);
    if (name !== source.shape.type.field && typeof found?.value === 'string') return found;
  }
  return undefined;
}
