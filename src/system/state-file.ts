import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A file of our own state; empty when it is not there or cannot be read. */
export function readStateFile(folder: string, name: string): Promise<string> {
  return readFile(join(folder, name), 'utf8').catch(() => '');
}

/** Replaces a file of our own state at one stroke, readable by its user only. False when it cannot be written. */
export async function writeStateFile(folder: string, name: string, text: string): Promise<boolean> {
  // Loaded here: reading needs no cryptography, and Node takes a while to load it.
  const { randomUUID } = process.getBuiltinModule('node:crypto');
  const draft = join(folder, `.${name}.${randomUUID()}`);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFile(draft, text, { mode: 0o600 });
    await rename(draft, join(folder, name));
    return true;
  } catch {
    await rm(draft, { force: true }).catch(() => undefined);
    return false;
  }
}
