import { readFile } from 'node:fs/promises';
import { parseCertificate } from './certificates.ts';

export type PemFile =
  | { readonly kind: 'usable'; readonly certificates: readonly string[] }
  /** It could not be read; errno name. */
  | { readonly kind: 'unreadable'; readonly code: string }
  | { readonly kind: 'no-certificate' }
  /** The n-th certificate, counted from 1, is none; those before it are. */
  | { readonly kind: 'broken-certificate'; readonly number: number; readonly certificates: readonly string[] };

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

/** The certificates of a PEM file that is to serve as a collection of trusted roots. */
export async function readPemFile(file: string): Promise<PemFile> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    return { kind: 'unreadable', code: (error as NodeJS.ErrnoException).code ?? 'EIO' };
  }
  const blocks = text.match(CERTIFICATE) ?? [];
  if (blocks.length === 0) return { kind: 'no-certificate' };
  const broken = blocks.findIndex((block) => parseCertificate(block) === null);
  if (broken === -1) return { kind: 'usable', certificates: blocks };
  return { kind: 'broken-certificate', number: broken + 1, certificates: blocks.slice(0, broken) };
}
