import { maskForeign } from '../model/redact.ts';

/** Response headers that may be judged and shown; everything else could carry a secret. */
const SHOWN = new Set([
  'allow',
  'content-length',
  'content-type',
  'date',
  'location',
  'proxy-authenticate',
  'retry-after',
  'server',
  'transfer-encoding',
  'via',
  'www-authenticate',
  'x-accel-buffering',
  'x-cache',
  'x-powered-by',
  'x-squid-error',
]);

const LONGEST_VALUE = 200;

/** The shown part of a response's headers, names in lower case. */
export function shownHeaders(headers: Readonly<Record<string, string | readonly string[] | undefined>>): Record<string, string> {
  const shown: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || !SHOWN.has(name)) continue;
    const text = typeof value === 'string' ? value : value.join(', ');
    // A redirect's query may carry a token.
    shown[name] = (name === 'location' ? maskForeign(text) : text).slice(0, LONGEST_VALUE);
  }
  return shown;
}

/** The parameters of the first challenge in a WWW-Authenticate header (RFC 9110, section 11.6.1). */
export function readChallenge(
  header: string | undefined,
): { readonly scheme: string; readonly parameters: Readonly<Record<string, string>> } | null {
  const scheme = header?.match(/^\s*([\w!#$%&'*+.^`|~-]+)/)?.[1];
  if (header === undefined || scheme === undefined) return null;
  const parameters: Record<string, string> = {};
  for (const [, name = '', quoted, bare] of header
    .slice(header.indexOf(scheme) + scheme.length)
    .matchAll(/([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/g)) {
    parameters[name.toLowerCase()] = quoted === undefined ? (bare ?? '') : quoted.replace(/\\(.)/g, '$1');
  }
  return { scheme, parameters };
}
