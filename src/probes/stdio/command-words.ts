/** What a command line asks for, as far as launchers are concerned. Pure. */
import { posix } from 'node:path';

/** The program's name without folder and extension. */
export function programName(file: string): string {
  return posix
    .basename(file.replaceAll('\\', '/'))
    .replace(/\.(?:exe|cmd|bat|ps1)$/i, '')
    .toLowerCase();
}

/** The runtime that a command starts, null for programs of their own. */
export function runtimeOf(file: string): 'node' | 'python' | 'deno' | 'bun' | 'uv' | null {
  const name = programName(file);
  if (/^(?:node|nodejs|npx|npm|tsx|ts-node|pnpm|yarn)$/.test(name)) return 'node';
  if (/^(?:python[\d.]*|py|pip[\d.]*|pipx)$/.test(name)) return 'python';
  if (/^bunx?$/.test(name)) return 'bun';
  if (/^uvx?$/.test(name)) return 'uv';
  return name === 'deno' ? 'deno' : null;
}

/** The module of `python -m MODULE`, null for other commands. */
export function pythonModule(file: string, args: readonly string[]): string | null {
  const at = args.indexOf('-m');
  return runtimeOf(file) === 'python' && at >= 0 ? (args[at + 1] ?? null) : null;
}

/** The script that an interpreter is given, null without one. */
export function scriptOf(args: readonly string[]): string | null {
  const first = args.find((one) => !one.startsWith('-'));
  return first !== undefined && /[\\/]|\.(?:[cm]?[jt]sx?|py)$/.test(first) ? first : null;
}
