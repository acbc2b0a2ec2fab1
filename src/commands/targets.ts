/** Which servers somebody means by the words of a command line. */
import { resolve } from 'node:path';
import type { Client, FileRule } from '../clients/client.ts';
import { discover, shownPath, type Discovery } from '../clients/discover.ts';
import { CLIENTS } from '../clients/index.gen.ts';
import { configFiles, type Surroundings } from '../clients/locate.ts';
import type { FoundFile } from '../clients/settle.ts';
import { SERVER_KEYS } from '../clients/words.ts';
import { parseDocument } from '../documents/parse.ts';
import { UsageError } from '../model/errors.ts';
import type { DocumentFormat } from '../model/document.ts';
import { exists, readText } from '../system/config-files.ts';
import type { EntryTarget, FileTarget, Target } from './configs/known.ts';
import { nearest } from './nearest.ts';

export interface ResolveOptions {
  readonly cwd: string;
  readonly home: string;
  readonly platform: NodeJS.Platform;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Read this file only. */
  readonly configFile: string | null;
  /** Read the files of this client only. */
  readonly clientId: string | null;
}

export interface Resolved {
  readonly targets: readonly Target[];
  /** Places that were looked at, as they are shown; empty when no config was needed. */
  readonly looked: readonly string[];
  readonly surroundings: Surroundings;
}

/**
 * Finds what the words mean; without any, every server of every client config found here.
 * @throws UsageError `unknown-target`, `unknown-client`, `no-such-file`, `unreadable-file`.
 */
export async function resolveTargets(words: readonly string[], options: ResolveOptions): Promise<Resolved> {
  const { configFile, clientId, cwd, home, platform, environment } = options;
  const client = clientId === null ? null : clientOf(clientId);
  const base: Surroundings = { cwd, home, platform, environment, project: cwd };
  const known = new Map<string, Promise<Found>>();
  const found = (path: string | null, only: Client | null) => {
    const key = `${path ?? ''}\0${only?.id ?? ''}`;
    const reading = known.get(key) ?? (path === null ? findAll(base, only) : findInFile(base, path, only));
    known.set(key, reading);
    return reading;
  };
  const everything = () => found(configFile === null ? null : resolve(cwd, configFile), client);
  if (words.length === 0) {
    const { targets, looked } = await everything();
    return { targets, looked, surroundings: base };
  }
  const targets: Target[] = [];
  const looked = new Set<string>();
  const take = ({ looked: places }: Found, some: readonly Target[]) => {
    for (const place of places) looked.add(place);
    targets.push(...some);
  };
  for (const word of words) {
    if (/^[a-z][a-z0-9+.-]*:\/\//i.test(word)) targets.push({ kind: 'url', url: word });
    else {
      const all = await meant(word, { cwd, everything, found, client });
      take(all.found, all.targets);
    }
  }
  return { targets, looked: [...looked], surroundings: base };
}

interface Found {
  readonly targets: readonly (EntryTarget | FileTarget)[];
  readonly looked: readonly string[];
}

interface Lookups {
  readonly cwd: string;
  readonly client: Client | null;
  readonly everything: () => Promise<Found>;
  readonly found: (path: string | null, only: Client | null) => Promise<Found>;
}

/** What a word that is no address means: a name, all or one server of a client, a file, or one server of it. */
async function meant(
  word: string,
  { cwd, client, everything, found }: Lookups,
): Promise<{ readonly targets: readonly Target[]; readonly found: Found }> {
  const [, path = word, inFile = null] = /^(.*)#([^#]+)$/s.exec(word) ?? [];
  for (const [file, name] of [
    [word, null],
    [path, inFile],
  ] as const) {
    if (!(await isFile(resolve(cwd, file), file))) continue;
    const all = await found(resolve(cwd, file), client);
    return { found: all, targets: name === null ? all.targets : named(all, name, `in ${file}`) };
  }
  const [, id = '', name = ''] = /^([^:#/\\]+):(.*)$/s.exec(word) ?? [];
  const owner = CLIENTS.find((one) => one.id === id);
  if (owner !== undefined) {
    const all = await found(null, owner);
    if (name !== '') return { found: all, targets: named(all, name, `of ${owner.title}`) };
    if (all.targets.length === 0)
      throw new UsageError('unknown-target', `${owner.title} has no MCP server here. Looked at: ${all.looked.join(', ')}.`);
    return { found: all, targets: all.targets };
  }
  if (looksLikeFile(path)) throw new UsageError('no-such-file', `There is no file ${path}.`);
  const all = await everything();
  const same = all.targets.filter((target) => nameOf(target) === word);
  if (same.length > 0) return { found: all, targets: same };
  if (id.length > 1 && !/\s|\./.test(id) && !/^\d/.test(name)) throw unknownClient(id);
  // An address without a scheme says more with the error of addresses.
  if (/^[\w.-]+:\d+(?:[/?#]|$)|^\[[\da-f:]+\]|^[\w-]+(?:\.[\w-]+)+(?:[:/]|$)/i.test(word))
    return { found: { targets: [], looked: [] }, targets: [{ kind: 'url', url: word }] };
  throw unknownTarget(word, all, '');
}

async function isFile(path: string, word: string): Promise<boolean> {
  // A server's name may be that of a folder.
  return (/[./\\~]/.test(word) || /\.\w+$/.test(word)) && (await exists(path)) && (await readText(path)).kind !== 'missing';
}

function looksLikeFile(word: string): boolean {
  return /^(?:\.{0,2}[/\\]|~[/\\]|[A-Za-z]:[\\/])/.test(word) || /\.(?:json[c5]?|toml|ya?ml)$/i.test(word);
}

function nameOf(target: EntryTarget | FileTarget): string {
  return target.kind === 'entry' ? target.entry.name : target.file.shown;
}

function named(all: Found, name: string, where: string): readonly Target[] {
  const same = all.targets.filter((target) => nameOf(target) === name);
  if (same.length === 0) throw unknownTarget(name, all, ` ${where}`);
  return same;
}

function unknownTarget(name: string, { targets, looked }: Found, where: string): UsageError {
  const names = [...new Set(targets.flatMap((target) => (target.kind === 'entry' ? [target.entry.name] : [])))];
  const close = nearest(name, names);
  const hint =
    close.length > 0
      ? ` Did you mean ${close.join(' or ')}?`
      : names.length > 0
        ? ` Known here: ${names.slice(0, 10).join(', ')}${names.length > 10 ? ' …' : ''}.`
        : looked.length > 0
          ? ' No client config with a server was found.'
          : '';
  return new UsageError('unknown-target', `There is no server "${name}"${where}.${hint}`);
}

function clientOf(id: string): Client {
  const client = CLIENTS.find((one) => one.id === id);
  if (client === undefined) throw unknownClient(id);
  return client;
}

function unknownClient(id: string): UsageError {
  const ids = CLIENTS.map((one) => one.id);
  const close = nearest(id, ids);
  return new UsageError(
    'unknown-client',
    `There is no client "${id}". ${close.length > 0 ? `Did you mean ${close.join(' or ')}?` : `Known: ${ids.join(', ')}.`}`,
  );
}

/** Every server of every config of these clients. */
async function findAll(surroundings: Surroundings, only: Client | null): Promise<Found> {
  const { cwd, home, platform, environment } = surroundings;
  const clients = only === null ? CLIENTS : [only];
  const discovery = await discover({ cwd, home, platform, environment, clients });
  const places = clients.flatMap((client) =>
    configFiles(client, surroundings)
      .filter(({ rule }) => rule.read === undefined)
      .map(({ path }) => shownPath(path, surroundings)),
  );
  return { targets: targetsOf(discovery, clients), looked: [...new Set(places)] };
}

/** The servers of one file, as its owner reads it: the client whose place it is, else the one whose shape it has. */
async function findInFile(surroundings: Surroundings, path: string, only: Client | null): Promise<Found> {
  const { cwd, home, platform, environment } = surroundings;
  const shown = shownPath(path, surroundings);
  const reading = await readText(path);
  if (reading.kind === 'missing') throw new UsageError('no-such-file', `There is no file ${shown}.`);
  if (reading.kind === 'unreadable') throw new UsageError('unreadable-file', `${shown} cannot be read (${reading.code}).`);
  const owners = (only === null ? CLIENTS : [only]).flatMap((client) => {
    const rules = configFiles(client, surroundings).filter((one) => one.path === path);
    return rules.length === 0 ? [] : [{ client, rules: rules.map(({ rule }) => rule) }];
  });
  const shared = owners.some(({ rules }) => rules.some((rule) => rule.shared))
    ? owners.filter(({ rules }) => rules.some((rule) => rule.shared))
    : owners.slice(0, 1);
  const claimed = shared.length > 0 ? shared : [byShape(path, reading.text, only)];
  const clients = claimed.map(({ client, rules }): Client => ({ ...client, files: rules.map((rule) => pinned(rule, path)) }));
  const discovery = await discover({ cwd, home, platform, environment, clients });
  const targets = targetsOf(discovery, clients);
  return { targets, looked: [shown] };
}

/** The rule for this one file and nowhere else. */
function pinned({ scope, format, keys, tolerates, list, read, shared, shape }: FileRule, path: string): FileRule {
  return {
    scope,
    path,
    format,
    keys,
    ...(tolerates === undefined ? {} : { tolerates }),
    ...(list === undefined ? {} : { list }),
    ...(read === undefined ? {} : { read }),
    ...(shared === undefined ? {} : { shared }),
    ...(shape === undefined ? {} : { shape }),
  };
}

/** Who a file outside every client's places was written for, by its format and the key its servers stand under. */
function byShape(path: string, text: string, only: Client | null): { readonly client: Client; readonly rules: readonly FileRule[] } {
  const format = formatOf(path);
  const key = SERVER_KEYS.find((keys) => isTable(follow(parseDocument(text, format).value, keys)))?.join('.');
  const id =
    only?.id ??
    (format === 'toml'
      ? 'codex'
      : format === 'yaml'
        ? key === 'extensions'
          ? 'goose'
          : key === 'mcpServers'
            ? 'continue'
            : 'goose'
        : (OWNERS[key ?? ''] ?? 'claude-code'));
  const client = only ?? clientOf(id);
  const like =
    client.files.find(
      (rule) => rule.read === undefined && rule.format === format && rule.scope !== 'managed' && !rule.keys.flat().includes('<project>'),
    ) ?? client.files.find((rule) => rule.read === undefined);
  return { client, rules: like === undefined ? [] : [{ ...pinned(like, path), scope: 'custom' }] };
}

/** Keys that belong to one client; `mcpServers` is everybody's. */
const OWNERS: Readonly<Record<string, string>> = { servers: 'vscode', 'mcp.servers': 'openclaw', mcp: 'opencode', context_servers: 'zed' };

function formatOf(path: string): DocumentFormat {
  const extension = /\.(\w+)$/.exec(path)?.[1]?.toLowerCase() ?? '';
  if (extension === 'toml' || extension === 'json5' || extension === 'jsonc') return extension;
  return extension === 'yaml' || extension === 'yml' ? 'yaml' : 'json';
}

function follow(value: unknown, keys: readonly string[]): unknown {
  return keys.reduce<unknown>((inner, key) => (isTable(inner) ? (inner as Readonly<Record<string, unknown>>)[key] : undefined), value);
}

function isTable(value: unknown): boolean {
  return value !== null && typeof value === 'object';
}

/** Whether this reading took for a wrong key what another rule of the same file reads as it should. */
function isOtherKey({ file, rule, problems }: FoundFile, files: readonly FoundFile[]): boolean {
  const strays = problems.some(({ code }) => code === 'config-wrong-key');
  const others = files.filter((one) => one.file.path === file.path && one.file.client === file.client && one.rule !== rule);
  return others.length > 0 && (strays ? others.some((one) => one.entries.length > 0) : false);
}

/** One target per entry; a file without entries is one itself when something is wrong with it. */
function targetsOf({ files, problems, unreadable }: Discovery, clients: readonly Client[]): readonly (EntryTarget | FileTarget)[] {
  const byId = new Map(clients.map((client) => [client.id, client]));
  const read = files.flatMap((reading): readonly (EntryTarget | FileTarget)[] => {
    const client = byId.get(reading.file.client);
    if (client === undefined || isOtherKey(reading, files)) return [];
    const own = problems.filter(
      ({ file }) => file.path === reading.file.path && file.client === reading.file.client && file.scope === reading.file.scope,
    );
    const { file, text } = reading;
    if (reading.entries.length > 0) {
      return reading.entries.map((entry) => ({
        kind: 'entry',
        client,
        shape: reading.rule.shape ?? client.shape,
        entry,
        problems: own.filter(({ server }) => server === null || server === entry.name),
        text,
      }));
    }
    return own.length === 0 ? [] : [{ kind: 'file', client, file, problems: own, text }];
  });
  const closed = unreadable.flatMap(({ file, code }): readonly FileTarget[] => {
    const client = byId.get(file.client);
    if (client === undefined) return [];
    const position = { line: 1, column: 1, offset: 0, length: 0 };
    const summary = `${client.title} cannot read ${file.shown} (${code}).`;
    const advice = 'Give the user who runs the client leave to read the file.';
    return [
      {
        kind: 'file',
        client,
        file,
        text: '',
        problems: [
          {
            code: 'config-syntax',
            severity: 'error',
            certainty: 'likely',
            file,
            server: null,
            position,
            line: '',
            summary,
            advice,
            mend: null,
            ifReached: null,
          },
        ],
      },
    ];
  });
  return [...read, ...closed];
}
