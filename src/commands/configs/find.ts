/** Reads configs into targets: of all clients, or one file as its owner reads it. */
import type { Client, FileRule } from '../../clients/client.ts';
import { discover, type Discovery } from '../../clients/discover.ts';
import { CLIENTS } from '../../clients/index.gen.ts';
import { configFiles, shownPath, type Surroundings } from '../../clients/locate.ts';
import type { FoundFile } from '../../clients/settle.ts';
import { SERVER_KEYS } from '../../clients/words.ts';
import { parseDocument } from '../../documents/parse.ts';
import type { DocumentFormat } from '../../model/document.ts';
import { UsageError } from '../../model/errors.ts';
import { readText } from '../../system/config-files.ts';
import { nearest } from '../nearest.ts';
import { composeTargets, isComposeFile } from '../compose/compose-target.ts';
import type { ComposeTarget, EntryTarget, FileTarget } from './known.ts';

export interface Found {
  readonly targets: readonly (EntryTarget | FileTarget | ComposeTarget)[];
  /** Places that were looked at, as they are shown. */
  readonly looked: readonly string[];
}

/** @throws UsageError `unknown-client`. */
export function clientOf(id: string): Client {
  const client = CLIENTS.find((one) => one.id === id);
  if (client === undefined) throw unknownClient(id);
  return client;
}

export function unknownClient(id: string): UsageError {
  const ids = CLIENTS.map((one) => one.id);
  const close = nearest(id, ids);
  return new UsageError(
    'unknown-client',
    `There is no client "${id}". ${close.length > 0 ? `Did you mean ${close.join(' or ')}?` : `Known: ${ids.join(', ')}.`}`,
  );
}

/** Every server of every config of these clients. */
export async function findAll(surroundings: Surroundings, only: Client | null): Promise<Found> {
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
export async function findInFile(surroundings: Surroundings, path: string, only: Client | null): Promise<Found> {
  const { cwd, home, platform, environment } = surroundings;
  const shown = shownPath(path, surroundings);
  const reading = await readText(path);
  if (reading.kind === 'missing') throw new UsageError('no-such-file', `There is no file ${shown}.`);
  if (reading.kind === 'unreadable') throw new UsageError('unreadable-file', `${shown} cannot be read (${reading.code}).`);
  const owners = (only === null ? CLIENTS : [only]).flatMap((client) => {
    const rules = configFiles(client, surroundings).filter((one) => one.path === path);
    return rules.length === 0 ? [] : [{ client, rules: rules.map(({ rule }) => rule) }];
  });
  if (owners.length === 0 && only === null && isComposeFile(path, reading.text))
    return { targets: composeTargets(path, shown, reading.text), looked: [shown] };
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

/** What an item of a list without a name is called. */
const NAMELESS = /^#\d+$/;

/** One target per entry; a file without entries is one itself when something is wrong with it. */
function targetsOf({ files, problems, unreadable }: Discovery, clients: readonly Client[]): readonly (EntryTarget | FileTarget)[] {
  const byId = new Map<string | null, Client>(clients.map((client) => [client.id, client]));
  const read = files.flatMap((reading): readonly (EntryTarget | FileTarget)[] => {
    const client = byId.get(reading.file.client);
    if (client === undefined || isOtherKey(reading, files)) return [];
    const own = problems.filter(
      ({ file }) => file.path === reading.file.path && file.client === reading.file.client && file.scope === reading.file.scope,
    );
    const { file, text } = reading;
    const names = new Set<string | null>(reading.entries.map(({ name }) => name));
    const strangers = [
      ...new Set(own.flatMap(({ server }) => (server === null || names.has(server) || NAMELESS.test(server) ? [] : [server]))),
    ];
    const entries = reading.entries.map(
      (entry): EntryTarget => ({
        kind: 'entry',
        client,
        shape: reading.rule.shape ?? client.shape,
        entry,
        problems: own.filter(({ server }) => server === null || server === entry.name),
        text,
      }),
    );
    const unusable = strangers.map(
      (name): FileTarget => ({
        kind: 'file',
        name,
        client,
        file,
        problems: own.filter(({ server }) => server === null || server === name),
        text,
      }),
    );
    if (entries.length + unusable.length > 0) return [...entries, ...unusable];
    return own.length === 0 ? [] : [{ kind: 'file', name: file.shown, client, file, problems: own, text }];
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
        name: file.shown,
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
