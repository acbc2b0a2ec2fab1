/** Installs and builds, each only when it is needed. */
import { existsSync, readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { ensureInstalled } from './ensure-installed.mjs';
import { at } from './lib/project.mjs';
import { newestSource, STAMP } from './lib/stamp.mjs';

function isBuilt() {
  return existsSync(STAMP) && existsSync(at('dist', 'cli.js')) && Number(readFileSync(STAMP, 'utf8')) === newestSource();
}

/** Throws when installing or building fails. */
export async function ensureBuilt() {
  await ensureInstalled();
  if (isBuilt()) return;
  console.error('Building …');
  // Loaded late: it needs the packages that were installed just now.
  const { build } = await import('./build.mjs');
  await build();
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    await ensureBuilt();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
