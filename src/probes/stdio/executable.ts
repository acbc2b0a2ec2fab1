import { LAUNCHERS, STAND_INS } from '../../facts/launch.ts';
import type { ExecutableEvidence, StdioEvidence, WorkingDirectoryEvidence } from '../../model/stdio.ts';
import { findManaged, firstProgram, foldersOf, lookUp, readWorkingDirectory } from '../../system/executables.ts';
import type { LookupOptions } from '../../system/executables.ts';
import { type StdioContext, variable } from './context.ts';

/** Looks the command up as the client does, as the user's shell does, and where version managers keep it. */
export function probeExecutable({ launch }: StdioContext, { target }: StdioEvidence): ExecutableEvidence {
  const along = (environment: typeof launch.environment): LookupOptions => ({
    path: variable(environment, 'PATH'),
    pathExtensions: variable(environment, 'PATHEXT'),
    cwd: target.cwd,
  });
  const asClient = along(launch.environment);
  const asShell = along(launch.shell);
  const resolution = lookUp(launch.file, asClient);
  const wanted = wantedProgram(launch.file, resolution);
  const inShell = wanted === null ? null : lookUp(wanted, asShell);
  const byShell = inShell?.kind === 'found' ? [{ by: 'shell' as const, path: inShell.path }] : [];
  const managed = wanted === null ? [] : findManaged(wanted, launch.shell).filter(({ path }) => path !== byShell[0]?.path);
  return {
    resolution,
    shell: asShell.path === asClient.path ? null : lookUp(launch.file, asShell),
    elsewhere: [...byShell, ...managed],
    searchPath: foldersOf(asClient.path),
    ownPath: launch.ownPath,
    similar:
      resolution.kind === 'missing'
        ? firstProgram([...(STAND_INS[launch.file] ?? []), ...LAUNCHERS.filter((one) => isNear(launch.file, one))], asClient)
        : null,
  };
}

/** Whether one letter too many, too few, wrong or swapped with its neighbour parts two names. */
export function isNear(a: string, b: string): boolean {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end += 1;
  const [left, right] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
  if (left.length === 2 && right.length === 2) return left[0] === right[1] && left[1] === right[0];
  return a !== b && left.length <= 1 && right.length <= 1;
}

/** The bare name that the client does not find: the command, or the interpreter of its script; null when nothing is missing. */
function wantedProgram(file: string, resolution: ExecutableEvidence['resolution']): string | null {
  const name = resolution.kind === 'found' ? (resolution.shebang?.found === null ? resolution.shebang.interpreter : null) : file;
  return name === null || name === '' || /[\\/\s]/.test(name) ? null : name;
}

export function probeWorkingDirectory({ launch }: StdioContext): WorkingDirectoryEvidence {
  return readWorkingDirectory(launch.cwd);
}
