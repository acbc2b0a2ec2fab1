/** Reads the end of a log, whatever its size, encoding or permissions. */
import { open, stat } from 'node:fs/promises';
import { codeOf } from './error-code.ts';

/** What is read of a file: its end, where the last failure is. */
export const TAIL_BYTES = 256 * 1024;

export type LogTail =
  | {
      readonly kind: 'text';
      readonly text: string;
      /** The text begins inside the file, most likely inside a line. */
      readonly isCut: boolean;
      /** When the file was last written to, milliseconds since 1970. */
      readonly modifiedAt: number;
    }
  | { readonly kind: 'empty' | 'not-text' | 'compressed' | 'missing' | 'folder' }
  | { readonly kind: 'unreadable'; readonly code: string };

/** First bytes of gzip, zstd, bzip2, xz and zip. */
const PACKED: readonly (readonly number[])[] = [
  [0x1f, 0x8b],
  [0x28, 0xb5, 0x2f, 0xfd],
  [0x42, 0x5a, 0x68],
  [0xfd, 0x37, 0x7a, 0x58, 0x5a],
  [0x50, 0x4b, 0x03, 0x04],
];

/** The last part of a file as text. */
export async function readLogTail(path: string, bytes = TAIL_BYTES): Promise<LogTail> {
  try {
    // Looked at before it is opened: opening a pipe would wait for its writer.
    const info = await stat(path);
    if (info.isDirectory()) return { kind: 'folder' };
    if (!info.isFile()) return { kind: 'unreadable', code: 'not-a-file' };
    const file = await open(path, 'r');
    try {
      const head = Buffer.alloc(8);
      const { bytesRead: headBytes } = await file.read(head, 0, head.length, 0);
      if (headBytes === 0) return { kind: 'empty' };
      if (PACKED.some((magic) => magic.every((byte, index) => head[index] === byte))) return { kind: 'compressed' };
      // Even, so that the halves of UTF-16 stay together.
      const from = Math.max(0, info.size - bytes) & ~1;
      const tail = Buffer.alloc(Math.min(info.size, bytes + 1));
      const { bytesRead } = await file.read(tail, 0, tail.length, from);
      const text = decodeLog(tail.subarray(0, bytesRead), head);
      if (text === null) return { kind: 'not-text' };
      return text.trim() === '' ? { kind: 'empty' } : { kind: 'text', text, isCut: from > 0, modifiedAt: info.mtimeMs };
    } finally {
      await file.close();
    }
  } catch (error) {
    const code = codeOf(error) ?? 'unknown';
    return code === 'ENOENT' || code === 'ENOTDIR' ? { kind: 'missing' } : { kind: 'unreadable', code };
  }
}

/** The text in some bytes of a file that begins with `head`; null when they are none. Pure. */
export function decodeLog(bytes: Buffer, head: Buffer): string | null {
  const wide = wideOrder(bytes, head);
  if (wide !== null) {
    const units = bytes.subarray(0, bytes.length - (bytes.length % 2));
    return (wide === 'big' ? Buffer.from(units).swap16() : units).toString('utf16le').replaceAll('\uFEFF', '');
  }
  // Files that were set aside in advance, or lost their middle in a crash, are zeros there.
  const kept = bytes.includes(0) ? Buffer.from(bytes.filter((byte) => byte !== 0)) : bytes;
  const odd = kept.reduce((count, byte) => count + Number(byte < 32 && !(byte >= 8 && byte <= 13) && byte !== 27), 0);
  if (odd > kept.length * 0.02) return null;
  const text = kept.toString('utf8');
  const broken = text.split('\uFFFD').length - 1;
  // An old 8-bit or East Asian encoding: codes, addresses and names in it are ASCII all the same.
  return (broken > text.length * 0.05 ? kept.toString('latin1') : text).replaceAll('\uFEFF', '');
}

/** UTF-16 by its mark, or by its zeros beside every ASCII letter. */
function wideOrder(bytes: Buffer, head: Buffer): 'little' | 'big' | null {
  if (head[0] === 0xff && head[1] === 0xfe) return 'little';
  if (head[0] === 0xfe && head[1] === 0xff) return 'big';
  const sample = bytes.subarray(0, 4096);
  const zeros = [0, 0];
  for (const [index, byte] of sample.entries()) if (byte === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1;
  const [even = 0, uneven = 0] = zeros;
  if (uneven > sample.length * 0.3 && even < sample.length * 0.05) return 'little';
  return even > sample.length * 0.3 && uneven < sample.length * 0.05 ? 'big' : null;
}
