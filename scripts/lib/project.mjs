/** Where things are, and how the scripts run other programs. Plain Node: nothing here may need an installed package. */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's top folder. */
export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** An absolute path inside the repository. */
export function at(...parts) {
  return join(ROOT, ...parts);
}

/** A path as it is shown: relative to the repository, with forward slashes. */
export function shown(path) {
  return relative(ROOT, path).split(sep).join('/');
}

export function readJson(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}

/** Every file under a folder whose name passes, sorted; nothing when the folder is missing. */
export function filesUnder(folder, passes = () => true) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : filesUnder(path, passes);
      return passes(entry.name) ? [path] : [];
    })
    .sort();
}

/** Latest change under the given paths, in milliseconds since 1970. Folders count too, so that a removed file is noticed. */
export function newestChange(paths) {
  let newest = 0;
  for (const path of paths) {
    if (!existsSync(path)) continue;
    const stat = statSync(path);
    newest = Math.max(newest, stat.mtimeMs);
    if (stat.isDirectory()) newest = Math.max(newest, newestChange(readdirSync(path).map((name) => join(path, name))));
  }
  return newest;
}

/** The JavaScript file behind an installed package's command, to be run with this Node on every system. */
export function toolPath(packageName, command = packageName) {
  const folder = at('node_modules', packageName);
  const { bin } = readJson(join(folder, 'package.json'));
  return join(folder, typeof bin === 'string' ? bin : bin[command]);
}

/** Runs a program with our terminal and resolves to its exit code; 127 when it cannot be started. */
export function run(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: ROOT, stdio: 'inherit', ...options });
    child.on('error', (error) => {
      console.error(`${command}: ${error.message}`);
      resolve(127);
    });
    child.on('exit', (code, signal) => resolve(signal === null ? code : 1));
  });
}

/** Runs npm with the Node that runs us. `npm_execpath` is set inside npm scripts; Windows needs a shell for npm.cmd. */
export function runNpm(args) {
  const npm = process.env.npm_execpath;
  if (npm?.endsWith('.js')) return run(process.execPath, [npm, ...args]);
  return run('npm', args, { shell: process.platform === 'win32' });
}
