/** Certificates made at test time: an authority of our own, an intermediate, and leaves with one fault each. */
import { randomBytes, webcrypto } from 'node:crypto';

const DAY_MS = 86_400_000;
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

export interface Issued {
  /** PEM. */
  readonly certificate: string;
  /** PEM, PKCS #8. */
  readonly key: string;
}

export interface Authority extends Issued {
  /** A certificate for a server. */
  leaf(options?: LeafOptions): Promise<Issued>;
  /** An authority below this one. */
  intermediate(options?: Validity): Promise<Authority>;
}

export interface Validity {
  /** Days from now; negative means past. Default: from yesterday to in 30 days. */
  readonly fromDays?: number;
  readonly toDays?: number;
}

export interface LeafOptions extends Validity {
  /** DNS names and IP addresses. Default: localhost, 127.0.0.1 and ::1. */
  readonly names?: readonly string[];
  readonly commonName?: string;
}

type Library = typeof import('@peculiar/x509');

async function load(): Promise<Library> {
  // The library's decorators need the metadata shim to be there first.
  await import('reflect-metadata');
  const library = await import('@peculiar/x509');
  return library;
}

function pem(label: string, der: ArrayBuffer): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

async function makeKeys(): Promise<{ readonly keys: webcrypto.CryptoKeyPair; readonly key: string }> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  return { keys, key: pem('PRIVATE KEY', await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)) };
}

function validity(options: Validity): { notBefore: Date; notAfter: Date } {
  const now = Date.now();
  return { notBefore: new Date(now + (options.fromDays ?? -1) * DAY_MS), notAfter: new Date(now + (options.toDays ?? 30) * DAY_MS) };
}

function serialNumber(): string {
  return `01${randomBytes(8).toString('hex')}`;
}

function alternativeNames(library: Library, names: readonly string[]) {
  const isAddress = (name: string): boolean => name.includes(':') || /^[\d.]+$/.test(name);
  return new library.SubjectAlternativeNameExtension(names.map((value) => ({ type: isAddress(value) ? 'ip' : 'dns', value })));
}

interface Parent {
  readonly name: string;
  readonly keys: webcrypto.CryptoKeyPair;
}

async function makeAuthority(name: string, parent: Parent | null, options: Validity): Promise<Authority> {
  const library = await load();
  const { keys, key } = await makeKeys();
  const certificate = await library.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: name,
    issuer: parent?.name ?? name,
    ...validity(options),
    signingAlgorithm: ALGORITHM,
    publicKey: keys.publicKey,
    signingKey: (parent?.keys ?? keys).privateKey,
    extensions: [
      new library.BasicConstraintsExtension(true, undefined, true),
      new library.KeyUsagesExtension(library.KeyUsageFlags.keyCertSign | library.KeyUsageFlags.cRLSign, true),
    ],
  });
  const own: Parent = { name, keys };
  return {
    certificate: `${certificate.toString('pem')}\n`,
    key,
    leaf: (leafOptions = {}) => makeLeaf(own, leafOptions),
    intermediate: (below = {}) => makeAuthority('CN=Lab Intermediate, O=Lab', own, below),
  };
}

async function makeLeaf(parent: Parent | null, options: LeafOptions): Promise<Issued> {
  const library = await load();
  const { keys, key } = await makeKeys();
  const subject = `CN=${options.commonName ?? 'lab server'}`;
  const names = options.names ?? ['localhost', '127.0.0.1', '::1'];
  const certificate = await library.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject,
    issuer: parent?.name ?? subject,
    ...validity(options),
    signingAlgorithm: ALGORITHM,
    publicKey: keys.publicKey,
    signingKey: (parent?.keys ?? keys).privateKey,
    extensions: [
      new library.BasicConstraintsExtension(false),
      new library.KeyUsagesExtension(library.KeyUsageFlags.digitalSignature, true),
      ...(names.length === 0 ? [] : [alternativeNames(library, names)]),
    ],
  });
  return { certificate: `${certificate.toString('pem')}\n`, key };
}

/** A root of our own that nobody trusts by default. */
export function createAuthority(options: Validity & { readonly name?: string } = {}): Promise<Authority> {
  return makeAuthority(`CN=${options.name ?? 'Lab Root CA'}, O=Lab`, null, options);
}

/** A certificate that signed itself. */
export function createSelfSigned(options: LeafOptions = {}): Promise<Issued> {
  return makeLeaf(null, options);
}

/** What is needed to serve HTTPS with a chain as sent, leaf first. */
export function tlsOptions(leaf: Issued, ...chain: readonly Issued[]): { readonly cert: string; readonly key: string } {
  return { cert: [leaf, ...chain].map((issued) => issued.certificate).join(''), key: leaf.key };
}
