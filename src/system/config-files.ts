/** Reading of config files: text, whatever its size or permissions, and folders to look for them. */
import { open, readdir, stat } from 'node:fs/promises';

/** Larger files are no config that anybody wrote; a full Claude Code history has some megabytes. */
const LARGEST_FILE = 32 * 1024 * 1024;

export type TextReading =
  | { readonly kind: 'text'; readonly text: string; readonly encoding: 'utf-8' | 'utf-16' }
  | { readonly kind: 'missing' }
  | { readonly kind: 'unreadable'; readonly code: string };

/** A file's text; that of UTF-8 includes a byte order mark if there is one. */
export async function readText(path: string): Promise<TextReading> {
  try {
    // Not blocking, so that a pipe in a config's place cannot hold us.
    const info = await stat(path);
    if (!info.isFile()) return { kind: 'unreadable', code: info.isDirectory() ? 'EISDIR' : 'not-a-file' };
    if (info.size > LARGEST_FILE) return { kind: 'unreadable', code: 'EFBIG' };
    const file = await open(path, 'r');
    try {
      return { kind: 'text', ...decode(await file.readFile()) };
    } finally {
      await file.close();
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    return code === 'ENOENT' || code === 'ENOTDIR' ? { kind: 'missing' } : { kind: 'unreadable', code };
  }
}

/** Windows editors and PowerShell write UTF-16 as well, with a mark; anything else is taken for UTF-8. */
function decode(bytes: Buffer): Pick<Extract<TextReading, { kind: 'text' }>, 'text' | 'encoding'> {
  const isLittle = bytes[0] === 0xff && bytes[1] === 0xfe;
  const isBig = bytes[0] === 0xfe && bytes[1] === 0xff;
  if (!isLittle && !isBig) return { text: bytes.toString('utf8'), encoding: 'utf-8' };
  const units = bytes.subarray(2, bytes.length - (bytes.length % 2));
  return { text: (isBig ? Buffer.from(units).swap16() : units).toString('utf16le'), encoding: 'utf-16' };
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

/** When a regular file was last written to, milliseconds since 1970; null for everything else. */
export async function modifiedAt(path: string): Promise<number | null> {
  try {
    const info = await stat(path);
    return info.isFile() ? info.mtimeMs : null;
  } catch {
    return null;
  }
}
