import { readFile } from 'node:fs/promises';

/** A PEM file's text; null when it cannot be read or holds no certificate. */
export async function readPem(file: string): Promise<string | null> {
  try {
    const text = await readFile(file, 'utf8');
    return text.includes('-----BEGIN CERTIFICATE-----') ? text : null;
  } catch {
    return null;
  }
}

/** Where systems keep their bundle of trusted roots (Debian, Red Hat, Alpine and SUSE, macOS and BSD). */
const SYSTEM_BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

/** The system's own bundle of trusted roots, which curl, Python and Go read and Node does not; null where there is none as a file. */
export async function systemRoots(): Promise<{ readonly file: string; readonly pem: string } | null> {
  for (const file of SYSTEM_BUNDLES) {
    const pem = await readPem(file);
    if (pem !== null) return { file, pem };
  }
  return null;
}
