/** Reading of config files: text, whatever its size or permissions, and folders to look for them. */
import { open, readdir, stat } from 'node:fs/promises';

/** Larger files are no config that anybody wrote; a full Claude Code history has some megabytes. */
const LARGEST_FILE = 32 * 1024 * 1024;

export type TextReading =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'unreadable'; readonly code: string };

/** A file's text as UTF-8, a byte order mark included. */
export async function readText(path: string): Promise<TextReading> {
  try {
    // Not blocking, so that a pipe in a config's place cannot hold us.
    const info = await stat(path);
    if (!info.isFile()) return { kind: 'unreadable', code: info.isDirectory() ? 'EISDIR' : 'not-a-file' };
    if (info.size > LARGEST_FILE) return { kind: 'unreadable', code: 'EFBIG' };
    const file = await open(path, 'r');
    try {
      return { kind: 'text', text: decode(await file.readFile()) };
    } finally {
      await file.close();
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    return code === 'ENOENT' || code === 'ENOTDIR' ? { kind: 'missing' } : { kind: 'unreadable', code };
  }
}

/** Windows editors write UTF-16 as well; anything else is taken for UTF-8. */
function decode(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.toString('utf16le');
  return bytes.toString('utf8');
}

/** Names in a folder, sorted; none when it cannot be read. */
export async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch {
    return [];
  }
}

/** Whether there is anything at a path. */
export async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch {
    return false;
  }
}
