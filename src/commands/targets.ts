/** Which servers somebody means by the words of a command line. */
import { resolve } from 'node:path';
import type { Client } from '../clients/client.ts';
import { CLIENTS } from '../clients/index.gen.ts';
import type { Surroundings } from '../clients/locate.ts';
import { UsageError } from '../model/errors.ts';
import { exists, readText } from '../system/config-files.ts';
import { clientOf, findAll, findInFile, type Found, unknownClient } from './configs/find.ts';
import type { ComposeTarget, EntryTarget, FileTarget, Target } from './configs/known.ts';
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

function nameOf(target: EntryTarget | FileTarget | ComposeTarget): string {
  return target.kind === 'entry' ? target.entry.name : target.name;
}

function named(all: Found, name: string, where: string): readonly Target[] {
  const same = all.targets.filter((target) => nameOf(target) === name);
  if (same.length === 0) throw unknownTarget(name, all, ` ${where}`);
  return same;
}

function unknownTarget(name: string, { targets, looked }: Found, where: string): UsageError {
  const names = [...new Set(targets.flatMap((target) => (target.kind === 'file' ? [] : [nameOf(target)])))];
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
