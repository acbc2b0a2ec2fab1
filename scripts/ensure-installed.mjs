/** Installs the packages of the lock file, unless exactly those are installed already. */
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { at, readJson, runNpm } from './lib/project.mjs';

/**
 * npm records what it installed in node_modules/.package-lock.json. Versions are compared instead of times, because
 * `npm install` writes the lock file last and would look like a stale installation.
 */
function isInstalled() {
  const record = at('node_modules', '.package-lock.json');
  if (!existsSync(record)) return false;
  const installed = readJson(record).packages;
  const wanted = Object.entries(readJson(at('package-lock.json')).packages);
  return wanted.every(([path, { version, optional }]) => path === '' || optional === true || installed[path]?.version === version);
}

/** Throws when the installation fails. */
export async function ensureInstalled() {
  if (isInstalled()) return;
  console.error('Installing packages (npm ci) …');
  const code = await runNpm(['ci', '--no-audit', '--no-fund']);
  if (code !== 0) throw new Error(`npm ci ended with code ${code}.`);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await ensureInstalled();
