import { parseDocument } from '../documents/parse.ts';
import type { ConfigEntry, ConfigFile, ConfigProblem, Unread } from '../model/config.ts';
import type { DocumentError, DocumentFormat, DocumentPath, ParsedDocument } from '../model/document.ts';
import { LENIENT, STRICT, type Client, type FileRule, type Tolerance } from './client.ts';
import { configFiles, projectKeys, shownPath, type Surroundings } from './locate.ts';
import { createLineReader } from './masked-line.ts';
import { isObject, mendOf, placeOf, problemIn, type Source } from './problem.ts';
import { readEntry, type EntryReading } from './read-entry.ts';
import { isFatal, syntaxProblem } from './syntax-problem.ts';
import { ROLES, SERVER_KEYS } from './words.ts';

/** One file as one client reads it. */
export interface FileReading {
  readonly file: ConfigFile;
  readonly rule: FileRule;
  /** The text that was read; edits are planned against it. */
  readonly text: string;
  readonly document: ParsedDocument;
  /** A line of the text, secrets masked. */
  readonly lineAt: Source['lineAt'];
  readonly entries: readonly ConfigEntry[];
  readonly problems: readonly ConfigProblem[];
}

/** What a client takes for its servers in a document. */
interface Found {
  readonly path: DocumentPath;
  readonly value: unknown;
}

/** Reads a file's text: every server that can be made out, and everything that is wrong. Pure. */
export function readConfigText(client: Client, rule: FileRule, file: ConfigFile, text: string, surroundings: Surroundings): FileReading {
  const tolerates = rule.tolerates ?? (rule.format === 'json' ? STRICT : LENIENT);
  const isLenient = tolerates.comments && tolerates.trailingCommas;
  // The strict reader names everything that a half strict one may object to.
  const parsedAs: DocumentFormat = rule.format === 'jsonc' && !isLenient ? 'json' : rule.format;
  const document = parseDocument(text, parsedAs);
  const shape = rule.shape ?? client.shape;
  const source: Source = { client, shape, file, document, lineAt: createLineReader(text, document.value) };
  const objections = document.errors.filter((error) => objects(error, tolerates));
  // What is found behind a fault of syntax mostly follows from it.
  const told = objections.filter((one) => one.code !== 'syntax' || one === objections.find(({ code }) => code === 'syntax'));
  const isBroken = objections.some((error) => isFatal(error, parsedAs));

  const found = findServers(document.value, rule, projectKeys(surroundings));
  const strange = found === null || isEmpty(found.value) ? findElsewhere(document.value, rule) : null;
  const servers = found !== null && !isEmpty(found.value) ? found : strange;
  const unread: Unread | null = isBroken ? 'syntax' : rule.read === 'never' ? 'wrong-file' : strange !== null ? 'wrong-key' : null;
  const readings = servers === null ? [] : entriesOf(source, servers, rule, unread);
  return {
    file,
    rule,
    text,
    document,
    lineAt: source.lineAt,
    entries: readings.flatMap(({ entry }) => (entry === null ? [] : [entry])),
    problems: [
      ...(rule.read === 'never' && readings.length === 0
        ? []
        : told.map((error) => syntaxProblem(source, error, { text, parsedAs, readings }))),
      ...(strange !== null && rule.read !== 'never' ? [wrongKey(source, strange, rule, found)] : []),
      ...(rule.read === 'never' && servers !== null && readings.length > 0 ? [wrongFile(source, servers, rule, surroundings)] : []),
      ...(servers === null ? [] : formProblems(source, servers, rule)),
      ...readings.flatMap(({ problems }) => problems),
    ],
  };
}

function objects({ code }: DocumentError, { comments, trailingCommas, bom }: Tolerance): boolean {
  return !((code === 'comment' && comments) || (code === 'trailing-comma' && trailingCommas) || (code === 'bom' && bom));
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) ? value.length === 0 : isObject(value) && Object.keys(value).length === 0;
}

/** Follows keys down; undefined when they lead nowhere. */
function follow(value: unknown, path: DocumentPath): unknown {
  let inner = value;
  for (const key of path) inner = isObject(inner) && Object.hasOwn(inner, key) ? inner[key] : undefined;
  return inner;
}

function looksLikeServer(value: unknown): boolean {
  return (
    isObject(value) && [...ROLES.command, ...ROLES.url].some((field) => typeof value[field] === 'string' || Array.isArray(value[field]))
  );
}

function holdsServers(value: unknown): boolean {
  return Array.isArray(value) ? value.some(looksLikeServer) : isObject(value) && Object.values(value).some(looksLikeServer);
}

/** The servers where this client looks for them. */
function findServers(value: unknown, rule: FileRule, projects: readonly string[]): Found | null {
  for (const key of rule.keys) {
    const paths = key.includes('<project>') ? projects.map((project) => key.map((part) => (part === '<project>' ? project : part))) : [key];
    for (const path of paths) {
      const inner = follow(value, path);
      // A document that is itself the map, and `mcp.servers` that may be a server of that name, have to look like one.
      const isSure = path.length > 0 && !looksLikeServer(inner);
      if ((isObject(inner) || Array.isArray(inner)) && (isSure || (path.length === 0 && holdsServers(inner))))
        return { path, value: inner };
    }
  }
  return null;
}

/** The servers under the key of another client. */
function findElsewhere(value: unknown, rule: FileRule): Found | null {
  // A project's own part of a larger file: what else is in the file belongs to another scope.
  if (rule.keys.some((key) => key.includes('<project>'))) return null;
  for (const path of SERVER_KEYS) {
    if (rule.keys.some((key) => key.join('\0') === path.join('\0'))) continue;
    const inner = follow(value, path);
    if (holdsServers(inner)) return { path, value: inner };
  }
  return null;
}

function entriesOf(source: Source, { path, value }: Found, rule: FileRule, unread: Unread | null): readonly EntryReading[] {
  const items: readonly (readonly [string, DocumentPath, unknown])[] = Array.isArray(value)
    ? value.map(
        (item, index) =>
          [isObject(item) && typeof item['name'] === 'string' ? item['name'] : `#${index + 1}`, [...path, index], item] as const,
      )
    : isObject(value)
      ? Object.entries(value).map(([name, item]) => [name, [...path, name], item] as const)
      : [];
  return items.flatMap(([name, at, raw]) => {
    if (isObject(raw)) {
      // In a document that is itself the map, other keys are no servers.
      return path.length === 0 && !looksLikeServer(raw) ? [] : [readEntry({ ...source, name, path: at, raw }, unread)];
    }
    if (rule.read === 'never' || unread === 'wrong-key') return [];
    const problem = problemIn(source, {
      code: 'config-bad-entry',
      server: name,
      position: placeOf(source.document, at, 'key'),
      summary: `"${name}" is no object with a command or an address.`,
      advice: 'Write an object with a command or an address, or remove it.',
    });
    return [{ entry: null, problems: [problem] }];
  });
}

/** A map where the client wants a list, or the reverse; names that a list lacks. */
function formProblems(source: Source, { path, value }: Found, rule: FileRule): readonly ConfigProblem[] {
  const position = placeOf(source.document, path, 'key');
  const key = path.join('.');
  if (rule.list && isObject(value)) {
    const list = Object.entries(value).map(([name, item]) => ({ name, ...(isObject(item) ? item : {}) }));
    return [
      problemIn(source, {
        code: 'config-bad-entry',
        server: null,
        position,
        summary: `${source.client.title} wants a list under \`${key}\`, each server with its name.`,
        mend: mendOf(source.file, 'Write the servers as a list', { op: 'set', path, value: list }),
      }),
    ];
  }
  if (!rule.list && Array.isArray(value)) {
    return [
      problemIn(source, {
        code: 'config-bad-entry',
        server: null,
        position,
        summary: `${source.client.title} wants an object under \`${key}\`, with the servers by name.`,
        advice: 'Write an object for the list: the name of each server as a key, the rest of it as the value.',
      }),
    ];
  }
  if (!Array.isArray(value)) return [];
  return value.flatMap((item, index) =>
    isObject(item) && typeof item['name'] !== 'string'
      ? [
          problemIn(source, {
            code: 'config-bad-entry',
            server: `#${index + 1}`,
            position: placeOf(source.document, [...path, index]),
            summary: `Server ${index + 1} of the list has no name.`,
            advice: 'Give it a `name`.',
          }),
        ]
      : [],
  );
}

function wrongKey(source: Source, { path, value }: Found, rule: FileRule, found: Found | null): ConfigProblem {
  const { client, file, document } = source;
  const right = rule.keys.find((key) => key.length > 0 && !key.includes('<project>')) ?? [];
  const wanted = rule.list === true ? 'a list, each with its name' : 'an object, each under its name';
  const isRename = path.length === 1 && right.length === 1 && found === null && Array.isArray(value) === (rule.list === true);
  return problemIn(source, {
    code: 'config-wrong-key',
    server: null,
    position: placeOf(document, path, 'key'),
    summary: `${client.title} reads its servers from \`${right.join('.')}\`, and ${file.shown} has them under \`${path.join('.')}\`.`,
    ...(right.length === 0 || Array.isArray(value) !== (rule.list === true)
      ? { advice: `Write the servers ${right.length === 0 ? 'at the top of the file' : `under \`${right.join('.')}\``} as ${wanted}.` }
      : {
          mend: isRename
            ? mendOf(file, `Rename \`${path.join('.')}\` to \`${right.join('.')}\``, { op: 'rename-key', path, value: right[0] ?? '' })
            : mendOf(
                file,
                `Move \`${path.join('.')}\` to \`${right.join('.')}\``,
                { op: 'delete', path },
                { op: found === null ? 'insert' : 'set', path: right, value },
              ),
        }),
  });
}

function wrongFile(source: Source, { path }: Found, rule: FileRule, surroundings: Surroundings): ConfigProblem {
  const { client, file, document } = source;
  return problemIn(source, {
    code: 'config-wrong-file',
    server: null,
    position: placeOf(document, path, 'key'),
    summary: `${client.title} does not read servers from ${file.shown}.`,
    advice: `Move the servers to ${rightPlace(client, rule, surroundings)}.`,
  });
}

/** The file that counts for the same scope, else for the user, with the key in it. */
function rightPlace(client: Client, { scope }: FileRule, surroundings: Surroundings): string {
  const read = configFiles(client, surroundings).filter(({ rule, isPattern }) => rule.read === undefined && !rule.exclusive && !isPattern);
  const best = read.find(({ rule }) => rule.scope === scope) ?? read.find(({ rule }) => rule.scope === 'user');
  if (best === undefined) return `a file that ${client.title} reads`;
  const key = best.rule.keys.find(({ length }) => length > 0);
  return `${shownPath(best.path, surroundings)}${key === undefined ? '' : `, under \`${key.join('.')}\``}`;
}
