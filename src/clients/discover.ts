import { posix, win32 } from 'node:path';
import { parseDocument } from '../documents/parse.ts';
import type { ConfigEntry, ConfigFile, ConfigProblem } from '../model/config.ts';
import type { ClientId } from '../model/ids.gen.ts';
import { exists, readText, type TextReading } from '../system/config-files.ts';
import { checkConfigs } from './check.ts';
import type { Client } from './client.ts';
import { expandPattern } from './expand-pattern.ts';
import { inUtf16 } from './encoding.ts';
import { CLIENTS } from './index.gen.ts';
import { configFiles, pathsOf, placesOf, projectKeys, shownPath, type Candidate, type Surroundings } from './locate.ts';
import { readConfigText } from './read-file.ts';
import { settle, stateAt, type FoundFile, type StateValue } from './settle.ts';

/** Where to look; the project's top is searched when it is not given. */
export type DiscoverInput = Omit<Surroundings, 'project'> & { readonly project?: string; readonly clients?: readonly Client[] };

/** Every config file found, with its servers and what is wrong with them. */
export interface Discovery {
  readonly files: readonly FoundFile[];
  readonly entries: readonly ConfigEntry[];
  readonly problems: readonly ConfigProblem[];
  /** Files that are there and cannot be read, with the system's code. */
  readonly unreadable: readonly { readonly file: ConfigFile; readonly code: string }[];
  /** Clients of which there is a trace on this machine. */
  readonly installed: readonly ClientId[];
}

/** Each path is read once, however many clients share it. */
type Reader = (path: string) => Promise<TextReading>;

function createReader(): Reader {
  const readings = new Map<string, Promise<TextReading>>();
  return (path) => {
    const known = readings.get(path);
    if (known !== undefined) return known;
    const reading = readText(path);
    readings.set(path, reading);
    return reading;
  };
}

/** Reads the configs of all clients on this machine. */
export async function discover({ clients = CLIENTS, ...input }: DiscoverInput): Promise<Discovery> {
  const surroundings: Surroundings = { ...input, project: input.project ?? (await projectOf(input)) };
  const read = createReader();
  const installed = new Set<ClientId>();
  await Promise.all(
    clients.map(async (client) => {
      if (await isInstalled(client, surroundings)) installed.add(client.id);
    }),
  );
  const perClient = await Promise.all(clients.map((client) => discoverClient(client, surroundings, installed, read)));
  const files = perClient.flatMap((one) => one.files);
  const entries = files.flatMap((file) => file.entries);
  return {
    files,
    entries,
    problems: [...files.flatMap((file) => file.problems), ...checkConfigs(clients, files, surroundings)],
    unreadable: perClient.flatMap((one) => one.unreadable),
    installed: [...installed].sort(),
  };
}

/** The closest folder that holds a repository; the working directory itself when there is none. */
async function projectOf({ cwd, platform, home }: Omit<Surroundings, 'project'>): Promise<string> {
  const path = platform === 'win32' ? win32 : posix;
  for (let folder = cwd; ; folder = path.dirname(folder)) {
    // A home folder under version control is no project.
    if (folder !== home && (await exists(path.join(folder, '.git')))) return folder;
    if (path.dirname(folder) === folder) return cwd;
  }
}

async function isInstalled(client: Client, surroundings: Surroundings): Promise<boolean> {
  const paths = client.footprints.flatMap((rule) => pathsOf(rule, surroundings));
  const found = await Promise.all(paths.map((path) => expandPattern(path, surroundings)));
  return found.some((matches) => matches.length > 0);
}

async function discoverClient(
  client: Client,
  surroundings: Surroundings,
  installed: ReadonlySet<ClientId>,
  read: Reader,
): Promise<Pick<Discovery, 'files' | 'unreadable'>> {
  const files: FoundFile[] = [];
  const unreadable: { file: ConfigFile; code: string }[] = [];
  const seen = new Set<string>();
  for (const candidate of configFiles(client, surroundings)) {
    if (candidate.rule.shared && !isReader(client, installed)) continue;
    for (const path of candidate.isPattern ? await expandPattern(candidate.path, surroundings) : [candidate.path]) {
      const key = `${path}\0${candidate.rule.keys.map((keys) => keys.join('.')).join()}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const file: ConfigFile = {
        client: client.id,
        path,
        shown: shownPath(path, surroundings),
        scope: candidate.rule.scope,
        format: candidate.rule.format,
      };
      const reading = await read(path);
      if (reading.kind === 'unreadable' && candidate.rule.read !== 'never') unreadable.push({ file, code: reading.code });
      if (reading.kind !== 'text') continue;
      // An empty file is no config yet.
      if (reading.text.trim() === '') continue;
      const replaced = await isReplaced(candidate, surroundings);
      const found = readConfigText(client, candidate.rule, file, reading.text, surroundings);
      files.push({ ...(reading.encoding === 'utf-16' ? inUtf16(client, found) : found), replaced });
    }
  }
  return { files: settle(client, files, files.length === 0 ? [] : await readStates(client, surroundings, read)), unreadable };
}

/** A shared file counts for each installed client that reads it, and for Claude Code when there is none. */
function isReader(client: Client, installed: ReadonlySet<ClientId>): boolean {
  if (installed.has(client.id)) return true;
  return client.id === 'claude-code' && !CLIENTS.some(({ id, files }) => installed.has(id) && files.some(({ shared }) => shared));
}

async function isReplaced({ rule }: Candidate, surroundings: Surroundings): Promise<boolean> {
  for (const path of rule.notReadIf === undefined ? [] : pathsOf(rule.notReadIf, surroundings)) {
    if ((await expandPattern(path, surroundings)).length > 0) return true;
  }
  return false;
}

async function readStates(client: Client, surroundings: Surroundings, read: Reader): Promise<readonly StateValue[]> {
  const states = await Promise.all(
    client.approval.lists.map(async (list) => {
      const values: StateValue[] = [];
      for (const path of new Set(placesOf(list, surroundings))) {
        const reading = await read(path);
        if (reading.kind !== 'text') continue;
        const { value } = parseDocument(reading.text, list.format);
        values.push(...stateAt(value, list.key, projectKeys(surroundings)).map((one) => ({ means: list.means, value: one })));
      }
      return values;
    }),
  );
  return states.flat();
}
