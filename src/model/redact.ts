/**
 * Keeps secrets out of everything that leaves the program. Values are registered where they enter (headers, URL
 * credentials, query values, environment) and every string of a report or event passes through {@link Redactor.text}.
 */

export const MASK = '***';

/** Words in a flag, assignment or header name that mark its value as secret (contract, section 6). */
const SECRET_NAME = /key|token|secret|passw(?:or)?d|credential|auth|cookie|session/i;

/** Shorter values would blank out ordinary words and numbers. */
const SHORTEST_SECRET = 4;

/** Values of settings that are no secret and stand in every second sentence: ports, switches, this machine's names. */
const ORDINARY =
  /^(?:\d{1,5}|true|false|null|none|auto|debug|info|warn|error|production|development|test|stdio|https?|localhost|127\.0\.0\.1)$/i;

/** Fields that hold one of our own codes, never foreign text: a server that is told TRANSPORT=stdio must not make reports unreadable. */
const CODED = new Set([
  'schema',
  'kind',
  'status',
  'severity',
  'certainty',
  'cause',
  'hiddenBy',
  'layer',
  'transport',
  'client',
  'scope',
  'platform',
  'probes',
]);

export interface Redactor {
  /** Registers a value that must never be shown. */
  add(secret: string): void;
  /** The text with every registered value masked. Foreign text (output, command lines, bodies) goes through {@link maskForeign} where it is read. */
  text(text: string): string;
  /** A copy of plain data in which every string went through {@link Redactor.text}. Keys stay. */
  deep<T>(value: T): T;
}

export function createRedactor(): Redactor {
  const secrets = new Set<string>();
  let pattern: RegExp | null = null;

  function compile(): RegExp | null {
    if (secrets.size === 0) return null;
    const longestFirst = [...secrets].sort((a, b) => b.length - a.length);
    return new RegExp(longestFirst.map((secret) => secret.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'), 'g');
  }

  function text(value: string): string {
    pattern ??= compile();
    return pattern ? value.replace(pattern, MASK) : value;
  }

  function deep<T>(value: T): T {
    if (typeof value === 'string') return text(value) as T;
    if (Array.isArray(value)) return value.map(deep) as T;
    if (value !== null && typeof value === 'object') {
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, CODED.has(key) ? inner : deep(inner)])) as T;
    }
    return value;
  }

  return {
    add(secret) {
      // Servers repeat a credential without its scheme, in URLs and in JSON.
      for (const bare of [secret, secret.replace(/^(?:Bearer|Basic|Token)\s+/i, '')]) {
        for (const form of [bare, encodeURIComponent(bare), JSON.stringify(bare).slice(1, -1)]) {
          if (form.length >= SHORTEST_SECRET && !ORDINARY.test(form)) secrets.add(form);
        }
      }
      pattern = null;
    },
    text,
    // Most runs have no secret at all, and a report of hundreds of targets is large.
    deep: (value) => (secrets.size === 0 ? value : deep(value)),
  };
}

/**
 * Masks what looks like a secret in text that is not ours (command lines, stderr, response bodies):
 * `--api-key VALUE`, `TOKEN=value`, `"password": "value"`, `Bearer value`, URL credentials and query values.
 */
export function maskForeign(text: string): string {
  return text
    .replace(/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/?#@"']+@/gi, `$1${MASK}@`)
    .replace(/([?&][^=\s&#"']+=)[^\s&#"']+/g, `$1${MASK}`)
    .replace(/\b(Bearer|Basic)\s+[\w.~+/=-]{4,}/gi, `$1 ${MASK}`)
    .replace(/(--?)([\w-]+)([=\s]+)(?!-)("[^"]*"|'[^']*'|\S+)/g, (whole, dashes: string, name: string, gap: string) =>
      SECRET_NAME.test(name) ? `${dashes}${name}${gap}${MASK}` : whole,
    )
    .replace(/(["']?)([A-Za-z_][\w.-]*)\1(\s*[=:]\s*)("[^"]*"|'[^']*'|[^\s,;"'}]+)/g, (whole, quote: string, name: string, gap: string) =>
      SECRET_NAME.test(name) && !gap.includes('\n') ? `${quote}${name}${quote}${gap}${MASK}` : whole,
    );
}

/** A URL as it may be shown: without user info, with query values masked. */
export function maskUrl(url: URL): string {
  const shown = new URL(url);
  const user = shown.username !== '' || shown.password !== '';
  shown.username = '';
  shown.password = '';
  const keys = [...shown.searchParams.keys()];
  shown.search = '';
  shown.hash = '';
  const base = user ? shown.href.replace('://', `://${MASK}@`) : shown.href;
  return keys.length === 0 ? base : `${base}?${keys.map((key) => `${encodeURIComponent(key)}=${MASK}`).join('&')}`;
}
