import { readPemFile } from './pem-file.ts';

/** A PEM file's certificates up to the first broken one, as Node takes them; null when there is none that can be read. */
export async function readRoots(file: string): Promise<readonly string[] | null> {
  const pem = await readPemFile(file);
  const roots = 'certificates' in pem ? pem.certificates : [];
  return roots.length === 0 ? null : roots;
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
