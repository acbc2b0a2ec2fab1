/** Who may speak to us at all: the Host and Origin headers, and the token. */
import { createHash, timingSafeEqual } from 'node:crypto';

export interface GuardOptions {
  /** The address we were told to listen on; null for loopback. */
  readonly host: string | null;
  readonly allowedHosts: readonly string[];
  readonly allowedOrigins: readonly string[];
  readonly token: string | null;
}

export type Admission = { readonly kind: 'admitted' } | { readonly kind: 'refused'; readonly status: 401 | 403; readonly message: string };

export interface RequestFacts {
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly authorization: string | undefined;
}

const ADMITTED: Admission = { kind: 'admitted' };
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Decides before anything else of a request is looked at. */
export function createGuard(options: GuardOptions): (facts: RequestFacts) => Admission {
  const hosts = new Set(options.allowedHosts.map((host) => host.toLowerCase()));
  const origins = new Set(options.allowedOrigins.map((origin) => origin.toLowerCase().replace(/\/$/, '')));
  const isWide = options.host !== null;

  function hostAllowed(host: string | undefined): boolean {
    const full = (host ?? '').toLowerCase();
    const name = full.replace(/:\d+$/, '');
    if (LOOPBACK.has(name) || hosts.has(name) || hosts.has(full)) return true;
    // A page that was rebound to our address has no token, and it comes under a name, never under a bare address.
    return isWide && (options.token !== null || /^(?:[\d.]+|\[[\da-f:.]+\])$/.test(name));
  }

  function originAllowed(origin: string | undefined): boolean {
    if (origin === undefined) return true;
    const given = origin.toLowerCase();
    if (origins.has(given)) return true;
    return LOOPBACK.has(hostnameOf(given));
  }

  return ({ host, origin, authorization }) => {
    if (!hostAllowed(host)) return { kind: 'refused', status: 403, message: `Invalid Host: ${shown(host)}` };
    if (!originAllowed(origin)) return { kind: 'refused', status: 403, message: `Invalid Origin: ${shown(origin)}` };
    if (options.token !== null && !isToken(authorization, options.token)) {
      return { kind: 'refused', status: 401, message: 'A bearer token is required' };
    }
    return ADMITTED;
  };
}

/** Compares digests, so that the time says nothing about how much of the token was right. */
function isToken(authorization: string | undefined, token: string): boolean {
  const given = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
  return given !== undefined && timingSafeEqual(digest(given), digest(token));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function hostnameOf(origin: string): string {
  try {
    return new URL(origin).hostname;
  } catch {
    return '';
  }
}

function shown(value: string | undefined): string {
  return value === undefined ? '(none)' : value.replace(/[^\x20-\x7e]/g, '?').slice(0, 100);
}
