/** Finds programs the way the operating system does, and looks at what is there. */
import { accessSync, constants, lstatSync, openSync, readSync, closeSync, readdirSync, readlinkSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, posix, resolve, win32 } from 'node:path';
import type { Resolution, Shebang, Whereabouts, WorkingDirectoryEvidence } from '../model/stdio.ts';

export interface LookupOptions {
  /** The value of PATH; undefined means none at all. */
  readonly path: string | undefined;
  /** Windows' list of extensions; ignored elsewhere. */
  readonly pathExtensions?: string | undefined;
  /** Names with a slash are relative to this folder. */
  readonly cwd: string;
  readonly platform?: NodeJS.Platform;
}

/** What execvp(3) takes when PATH is not set (_PATH_DEFPATH). */
const WITHOUT_PATH = '/usr/bin:/bin';
const DEFAULT_EXTENSIONS = '.COM;.EXE;.BAT;.CMD';
const MOST_LINKS = 40;
const SHEBANG_BYTES = 256;

/** The folders of a PATH in order; an empty entry is the working directory (POSIX). */
export function foldersOf(path: string | undefined, platform: NodeJS.Platform = process.platform): readonly string[] {
  if (platform === 'win32')
    return (path ?? '')
      .split(';')
      .filter((one) => one !== '')
      .map((one) => one.replace(/^"(.*)"$/, '$1'));
  return (path ?? WITHOUT_PATH).split(':');
}

/** Where a command leads to: the first file on the way that can be run; else the first that is there and cannot. */
export function lookUp(command: string, options: LookupOptions): Resolution {
  const { cwd, platform = process.platform } = options;
  const rules = platform === 'win32' ? win32 : posix;
  const direct = platform === 'win32' ? /[\\/]/.test(command) : command.includes('/');
  const folders = direct ? [''] : foldersOf(options.path, platform);
  let blocked: Resolution | null = null;
  for (const folder of folders) {
    for (const name of namesOf(command, options)) {
      const found = lookAt(rules.resolve(cwd, folder, name), options);
      if (found?.kind === 'found') return found;
      blocked ??= found;
    }
  }
  return blocked ?? { kind: 'missing', folders: direct ? 0 : folders.length };
}

/** On Windows a bare name stands for itself with each extension. A shim for Unix shells lies beside `npx.cmd` and cannot be run. */
function namesOf(command: string, { pathExtensions, platform = process.platform }: LookupOptions): readonly string[] {
  if (platform !== 'win32') return [command];
  const extensions = (pathExtensions ?? DEFAULT_EXTENSIONS).split(';').filter((one) => one !== '');
  return /\.[a-z0-9]{1,4}$/i.test(command) ? [command] : [...extensions, '.ps1'].map((one) => `${command}${one.toLowerCase()}`);
}

function lookAt(path: string, options: LookupOptions): Resolution | null {
  const chain = linksOf(path);
  if (chain === null) return null;
  let isDirectory: boolean;
  try {
    isDirectory = statSync(path).isDirectory();
  } catch {
    return chain.length > 0 ? { kind: 'not-executable', path, why: 'broken-link' } : null;
  }
  if (isDirectory) return { kind: 'not-executable', path, why: 'directory' };
  if (!mayRun(path)) return { kind: 'not-executable', path, why: 'mode' };
  const shim = /\.(cmd|bat|ps1)$/i.exec(path)?.[1]?.toLowerCase() as 'cmd' | 'bat' | 'ps1' | undefined;
  return { kind: 'found', path, links: chain, shim: shim ?? null, shebang: readShebang(path, options) };
}

/** The links on the way to a file; null when nothing is there. */
function linksOf(path: string): readonly string[] | null {
  const chain: string[] = [];
  let at = path;
  try {
    for (; chain.length < MOST_LINKS && lstatSync(at).isSymbolicLink(); chain.push(at)) at = resolve(dirname(at), readlinkSync(at));
  } catch {
    return chain.length > 0 ? chain : null;
  }
  return chain;
}

/** The mode decides, also for root, who may not run what nobody may run. */
function mayRun(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return process.platform === 'win32' || (statSync(path).mode & 0o111) !== 0;
  } catch {
    return false;
  }
}

function readShebang(path: string, options: LookupOptions): Shebang | null {
  const head = readHead(path);
  const line = /^#!([^\n]*)/.exec(head)?.[1];
  if (line === undefined || (options.platform ?? process.platform) === 'win32') return null;
  const carriageReturn = line.endsWith('\r');
  const words = line.trim().split(/\s+/);
  const first = words[0] ?? '';
  const viaEnv = first.endsWith('/env');
  const interpreter = viaEnv ? (words.slice(1).find((one) => !one.startsWith('-') && !one.includes('=')) ?? '') : first;
  const found = carriageReturn ? null : find(interpreter, options);
  return { line: line.trim(), interpreter, found, carriageReturn };
}

/** Where a plain program is, without looking into it. */
function find(name: string, { path, cwd }: LookupOptions): string | null {
  const candidates = name.includes('/') ? [resolve(cwd, name)] : foldersOf(path).map((folder) => resolve(cwd, folder, name));
  return candidates.find((one) => isProgram(one)) ?? null;
}

function isProgram(path: string): boolean {
  try {
    return statSync(path).isFile() && mayRun(path);
  } catch {
    return false;
  }
}

function readHead(path: string): string {
  try {
    const file = openSync(path, 'r');
    try {
      const bytes = Buffer.alloc(SHEBANG_BYTES);
      return bytes.subarray(0, readSync(file, bytes, 0, SHEBANG_BYTES, 0)).toString('latin1');
    } finally {
      closeSync(file);
    }
  } catch {
    return '';
  }
}

/** Folders in which version managers and installers keep programs that only an interactive shell has on its PATH. */
function managedFolders(environment: Readonly<Record<string, string | undefined>>): readonly (readonly [Whereabouts['by'], string])[] {
  const home = environment['HOME'] ?? environment['USERPROFILE'] ?? homedir();
  const data = environment['XDG_DATA_HOME'] ?? join(home, '.local', 'share');
  const under = (root: string, tail: string) => versionsIn(root).map((version) => join(root, version, tail));
  const all: readonly (readonly [Whereabouts['by'], readonly string[]])[] = [
    ['nvm', under(join(environment['NVM_DIR'] ?? join(home, '.nvm'), 'versions', 'node'), 'bin')],
    ['fnm', under(join(environment['FNM_DIR'] ?? join(data, 'fnm'), 'node-versions'), join('installation', 'bin'))],
    ['volta', [join(environment['VOLTA_HOME'] ?? join(home, '.volta'), 'bin')]],
    ['asdf', [join(environment['ASDF_DATA_DIR'] ?? join(home, '.asdf'), 'shims')]],
    ['mise', [join(environment['MISE_DATA_DIR'] ?? join(data, 'mise'), 'shims')]],
    ['pyenv', [join(environment['PYENV_ROOT'] ?? join(home, '.pyenv'), 'shims')]],
    ['homebrew', ['/opt/homebrew/bin', '/usr/local/bin', '/home/linuxbrew/.linuxbrew/bin']],
    ['local-bin', [join(home, '.local', 'bin'), join(home, 'bin')]],
    ['cargo', [join(environment['CARGO_HOME'] ?? join(home, '.cargo'), 'bin')]],
    ['bun', [join(environment['BUN_INSTALL'] ?? join(home, '.bun'), 'bin')]],
    ['deno', [join(environment['DENO_INSTALL'] ?? join(home, '.deno'), 'bin')]],
  ];
  return all.flatMap(([by, folders]) => folders.map((folder) => [by, folder] as const));
}

/** Version folders, newest first. */
function versionsIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort((a, b) => b.localeCompare(a, 'en', { numeric: true }));
  } catch {
    return [];
  }
}

/** Where version managers keep a program; one place for each of them. */
export function findManaged(name: string, environment: Readonly<Record<string, string | undefined>>): readonly Whereabouts[] {
  const extensions = process.platform === 'win32' ? ['.exe', '.cmd'] : [''];
  const found: Whereabouts[] = [];
  for (const [by, folder] of managedFolders(environment)) {
    if (found.some((one) => one.by === by)) continue;
    const path = extensions.map((extension) => join(folder, `${name}${extension}`)).find(isProgram);
    if (path !== undefined) found.push({ by, path });
  }
  return found;
}

/** Programs along a PATH whose names are given; the first that exists. */
export function firstProgram(names: readonly string[], options: LookupOptions): string | null {
  return names.find((name) => lookUp(name, options).kind === 'found') ?? null;
}

/** The folder a server starts in. */
export function readWorkingDirectory(path: string): WorkingDirectoryEvidence {
  const state = directoryState(path);
  if (state === 'ok') return { path, state, nearest: path };
  let nearest = dirname(path);
  while (directoryState(nearest) !== 'ok' && dirname(nearest) !== nearest) nearest = dirname(nearest);
  return { path, state, nearest: directoryState(nearest) === 'ok' ? nearest : null };
}

function directoryState(path: string): WorkingDirectoryEvidence['state'] {
  try {
    if (!statSync(path).isDirectory()) return 'not-a-directory';
    accessSync(path, constants.X_OK);
    return 'ok';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'EACCES' || code === 'EPERM' ? 'not-permitted' : code === 'ENOTDIR' ? 'not-a-directory' : 'missing';
  }
}
