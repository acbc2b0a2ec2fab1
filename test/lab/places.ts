/** Where things lie: the repository, the program under test, and what the lab keeps between runs. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

function repository(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}

export const ROOT = repository();

/** The built command, judged as a black box. `MCPREACH_BIN` names another one. */
export const BIN = process.env['MCPREACH_BIN'] ?? join(ROOT, 'dist', 'cli.js');

/** Kept between runs: Python environments. Ignored by git. */
export const LAB = join(ROOT, '.lab');

/** The Python of one of the lab's own environments. */
export function interpreter(environment: 'python-1' | 'python-2'): string {
  return join(LAB, environment, 'bin', 'python');
}

/** The folder of the lab's compiled programs. */
export const PROGRAMS = dirname(fileURLToPath(import.meta.url));

/** Runs a program under a filter of system calls. */
export const CONFINE = join(ROOT, 'test', 'lab', 'servers', 'confine.py');
