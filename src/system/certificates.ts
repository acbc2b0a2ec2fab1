import { X509Certificate } from 'node:crypto';
import type { DetailedPeerCertificate } from 'node:tls';
import type { CertificateFacts } from '../model/evidence.ts';

/** The certificates of a connection in DER, leaf first, each followed by its issuer as far as that was sent or is trusted. */
export function chainOf(leaf: DetailedPeerCertificate | null): readonly Buffer[] {
  const chain: Buffer[] = [];
  const seen = new Set<string>();
  let next: DetailedPeerCertificate | undefined = leaf ?? undefined;
  while (next?.raw !== undefined && !seen.has(next.fingerprint256)) {
    seen.add(next.fingerprint256);
    chain.push(next.raw);
    next = next.issuerCertificate;
  }
  return chain;
}

/** A certificate that OpenSSL accepts on the wire or in a file; null for what it cannot read. */
export function parseCertificate(encoded: Buffer | string): X509Certificate | null {
  try {
    return new X509Certificate(encoded);
  } catch {
    return null;
  }
}

/** What a certificate says about itself. */
export function readCertificate(certificate: X509Certificate): CertificateFacts {
  return {
    subject: nameLine(certificate.subject),
    issuer: nameLine(certificate.issuer),
    names: [...(certificate.subjectAltName ?? '').matchAll(/(?:DNS|IP Address):([^,\s]+)/g)].map(([, name = '']) => canonical(name)),
    validFrom: isoDate(certificate.validFrom),
    validTo: isoDate(certificate.validTo),
    selfSigned: certificate.checkIssued(certificate) && isSignedBy(certificate, certificate),
    issuerUrls: [...(certificate.infoAccess ?? '').matchAll(/CA Issuers - URI:"?([^"\s]+)/g)].map(([, url = '']) => url),
    fingerprint: certificate.fingerprint256,
  };
}

/** Which of these roots a chain leads to, by names and signatures alone: dates and purposes do not count here. */
export function findAnchor(
  last: X509Certificate,
  roots: readonly X509Certificate[],
): { readonly anchor: string | null; readonly relatives: readonly string[] } {
  const anchor = roots.find((root) => root.fingerprint256 === last.fingerprint256 || (last.checkIssued(root) && isSignedBy(last, root)));
  if (anchor !== undefined) return { anchor: nameLine(anchor.subject), relatives: [] };
  const organisation = partOf(last.issuer, 'O');
  const kin = organisation === null ? [] : roots.filter(({ subject }) => partOf(subject, 'O') === organisation);
  return { anchor: null, relatives: kin.map(({ subject }) => nameLine(subject)) };
}

function isSignedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  try {
    return certificate.verify(issuer.publicKey);
  } catch {
    // A key of a kind that this OpenSSL does not know.
    return false;
  }
}

/** One part of a distinguished name, which OpenSSL prints with one part on each line. */
function partOf(name: string | undefined, key: string): string | null {
  return (
    name
      ?.split('\n')
      .find((line) => line.startsWith(`${key}=`))
      ?.slice(key.length + 1) ?? null
  );
}

/** A distinguished name on one line, most specific part first; empty when the certificate has none. */
function nameLine(name: string | undefined): string {
  return (name ?? '').split('\n').reverse().join(', ');
}

/** OpenSSL prints dates it cannot read as "Bad time value". */
function isoDate(text: string): string {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? '' : date.toISOString();
}

/** OpenSSL prints IPv6 addresses in full and in upper case. */
function canonical(name: string): string {
  const url = `http://[${name}]/`;
  return name.includes(':') && URL.canParse(url) ? new URL(url).hostname.slice(1, -1) : name;
}
