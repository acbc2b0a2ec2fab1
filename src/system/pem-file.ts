import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';

export type PemFile =
  | { readonly kind: 'usable'; readonly certificates: number }
  /** It could not be read; errno name. */
  | { readonly kind: 'unreadable'; readonly code: string }
  | { readonly kind: 'no-certificate' }
  /** The n-th certificate, counted from 1, is none. */
  | { readonly kind: 'broken-certificate'; readonly number: number };

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

/** Whether a file can serve as a collection of trusted certificates. */
export async function inspectPemFile(file: string): Promise<PemFile> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    return { kind: 'unreadable', code: (error as NodeJS.ErrnoException).code ?? 'EIO' };
  }
  const blocks = text.match(CERTIFICATE) ?? [];
  if (blocks.length === 0) return { kind: 'no-certificate' };
  const broken = blocks.findIndex((block) => !isCertificate(block));
  return broken === -1 ? { kind: 'usable', certificates: blocks.length } : { kind: 'broken-certificate', number: broken + 1 };
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}
