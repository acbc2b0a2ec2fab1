import { posix, win32 } from 'node:path';
import type { Client, FileRule, PathOverride, PathRule, System } from './client.ts';

/** What the paths of config files depend on. */
export interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly home: string;
  readonly cwd: string;
  /** The top of the repository the working directory is in; the working directory itself when there is none. */
  readonly project: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** A place where a client's file may be. */
export interface Candidate {
  readonly rule: FileRule;
  /** Absolute; with `*` in some of its parts when `isPattern`. */
  readonly path: string;
  readonly isPattern: boolean;
}

function systemOf(platform: NodeJS.Platform): System {
  return platform === 'win32' || platform === 'darwin' ? platform : 'linux';
}

/** A variable's value; on Windows names are told apart without case. An empty value counts as unset. */
export function variable({ platform, environment }: Surroundings, name: string): string | null {
  const exact = environment[name];
  if (exact !== undefined && exact !== '') return exact;
  if (platform !== 'win32') return null;
  const key = Object.keys(environment).find((one) => one.toLowerCase() === name.toLowerCase());
  return key === undefined ? null : environment[key] || null;
}

/** Folders that stand behind a placeholder, and their usual place below the home folder. */
const FOLDERS: Readonly<Record<string, string>> = {
  '%APPDATA%': 'AppData/Roaming',
  '%LOCALAPPDATA%': 'AppData/Local',
  '%USERPROFILE%': '',
  $XDG_CONFIG_HOME: '.config',
  $XDG_CACHE_HOME: '.cache',
  $XDG_DATA_HOME: '.local/share',
  $XDG_STATE_HOME: '.local/state',
  $XDG_RUNTIME_DIR: '.cache',
  $TMPDIR: '.cache',
};

/** Folders from the working directory up to the project's top, closest first. */
function upwards({ cwd, project, platform }: Surroundings): readonly string[] {
  const path = platform === 'win32' ? win32 : posix;
  const folders = [cwd];
  for (let folder = cwd; folder !== project; ) {
    const above = path.dirname(folder);
    if (above === folder) return [cwd];
    folders.push(above);
    folder = above;
  }
  return folders;
}

/**
 * The paths a rule stands for on this system. Placeholders: `~`, `%APPDATA%`, `%LOCALAPPDATA%`, `%USERPROFILE%`,
 * `$XDG_CONFIG_HOME`, `<project>` (the working directory and the project's top) and `<up>` (all folders between them too).
 */
export function pathsOf(rule: PathRule, surroundings: Surroundings): readonly string[] {
  const { platform, home, cwd, project } = surroundings;
  const template = typeof rule === 'string' ? rule : rule[systemOf(platform)];
  if (template === undefined || template === '') return [];
  const path = platform === 'win32' ? win32 : posix;
  const [, head = '', tail = ''] = /^(~|%\w+%|\$\w+|<\w+>)?(.*)$/s.exec(template) ?? [];
  const bases = ((): readonly string[] => {
    if (head === '') return [''];
    if (head === '~') return [home];
    if (head === '<project>') return cwd === project ? [cwd] : [cwd, project];
    if (head === '<up>') return upwards(surroundings);
    const below = FOLDERS[head] ?? '';
    // Programs that follow XDG on Windows too fall back to the same folder below the profile.
    return [variable(surroundings, head.replace(/^[%$]|%$/g, '')) ?? path.join(home, below)];
  })();
  return bases.map((base) => path.normalize(base + tail));
}

/** The path that a variable leads to; null when none of them is set. */
function overridden(overrides: readonly PathOverride[], surroundings: Surroundings): string | null {
  const path = surroundings.platform === 'win32' ? win32 : posix;
  for (const { variable: name, path: template } of overrides) {
    const value = variable(surroundings, name);
    if (value === null) continue;
    const expanded = value.startsWith('~/') ? path.join(surroundings.home, value.slice(2)) : value;
    return path.resolve(surroundings.cwd, path.normalize(template.replace('$VALUE', () => expanded)));
  }
  return null;
}

/** Where a file or list may be: where a variable says, else at its usual places. */
export function placesOf(
  rule: { readonly path: PathRule; readonly overrides?: readonly PathOverride[] },
  surroundings: Surroundings,
): readonly string[] {
  const moved = overridden(rule.overrides ?? [], surroundings);
  return moved === null ? pathsOf(rule.path, surroundings) : [moved];
}

/** Every place where a client's config may be, in the catalogue's order; pure. */
export function configFiles(client: Client, surroundings: Surroundings): readonly Candidate[] {
  return client.files.flatMap((rule) => placesOf(rule, surroundings).map((path) => ({ rule, path, isPattern: path.includes('*') })));
}

/** Folders as clients write them into their state, with forward slashes on Windows too. */
export function projectKeys({ cwd, project }: Surroundings): readonly string[] {
  return [...new Set([cwd, project, cwd.replaceAll('\\', '/'), project.replaceAll('\\', '/')])];
}

/** A path as a reader knows it: relative below the working directory, with `~` below the home folder. */
export function shownPath(path: string, { platform, cwd, home }: Pick<Surroundings, 'platform' | 'cwd' | 'home'>): string {
  const { relative, isAbsolute, sep } = platform === 'win32' ? win32 : posix;
  const inside = (folder: string): string | null => {
    const rest = relative(folder, path);
    return rest !== '' && rest !== '..' && !rest.startsWith(`..${sep}`) && !isAbsolute(rest) ? rest : null;
  };
  const here = cwd === home ? null : inside(cwd);
  if (here !== null) return here;
  const below = inside(home);
  return below === null ? path : `~${sep}${below}`;
}
