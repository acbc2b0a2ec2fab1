import { readFileSync, realpathSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseCertificate } from './certificates.ts';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

/** A PEM file's certificates up to the first broken one, as Node takes them; null when there is none that can be read. */
export async function readRoots(file: string): Promise<readonly string[] | null> {
  let blocks: readonly string[];
  try {
    blocks = (await readFile(file, 'utf8')).match(CERTIFICATE) ?? [];
  } catch {
    return null;
  }
  const broken = blocks.findIndex((block) => parseCertificate(block) === null);
  const readable = broken === -1 ? blocks : blocks.slice(0, broken);
  return readable.length === 0 ? null : readable;
}

/** Where systems keep their bundle of trusted roots (Debian, Red Hat, Alpine and SUSE, macOS and BSD). */
const SYSTEM_BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

/** The system's own roots, which curl and Go read and Node does not; null where there is no such file. */
export async function systemRoots(): Promise<{ readonly file: string; readonly roots: readonly string[] } | null> {
  for (const file of SYSTEM_BUNDLES) {
    const roots = await readRoots(file);
    if (roots !== null) return { file, roots };
  }
  return null;
}

/** The nearest file of that name in the folder of another file or above it, links resolved; null when there is none. */
export function readNearest(file: string, name: string): { readonly path: string; readonly text: string } | null {
  let folder: string;
  try {
    folder = dirname(realpathSync(file));
  } catch {
    return null;
  }
  for (;;) {
    const path = join(folder, name);
    try {
      return { path, text: readFileSync(path, 'utf8') };
    } catch {
      if (dirname(folder) === folder) return null;
      folder = dirname(folder);
    }
  }
}
