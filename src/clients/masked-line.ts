import type { Position } from '../model/document.ts';
import { createRedactor, MASK, maskForeign } from '../model/redact.ts';
import { isObject } from './problem.ts';

/** Longer lines, such as a whole file on one line, are cut around the place. */
const LONGEST_LINE = 200;
const BEFORE = 60;

/** Keys whose text may be shown; any other may hold a secret. */
const HARMLESS = new Set(
  'command cmd args type transport transportType name url serverUrl httpUrl uri cwd working_directory workingDirectory description envFile version $schema'.split(
    ' ',
  ),
);
const TABLES = new Set(['env', 'environment', 'envs', 'headers', 'http_headers', 'httpHeaders']);
const SECRET_FLAG = /^--?[\w-]*(?:key|token|secret|passw|credential|auth|cookie|session|header)[\w-]*$/i;
const KEY_AND_TEXT = /(["']?)([\w$.-]+)\1(\s*[:=]\s*)("(?:[^"\\]|\\.)*"?|'[^']*'?)/g;

/** Every value of a document that may be secret: variables, headers, and what follows a flag for a secret. */
export function secretsOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) {
    const items = value.map((item) => (typeof item === 'string' ? item : ''));
    const flagged = items.flatMap((item, index) => (SECRET_FLAG.test(items[index - 1] ?? '') ? [item] : []));
    return [...flagged, ...value.flatMap((item) => (isObject(item) || Array.isArray(item) ? secretsOf(item) : []))];
  }
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    TABLES.has(key) && isObject(inner) ? Object.values(inner).filter((one): one is string => typeof one === 'string') : secretsOf(inner),
  );
}

/** Shows lines of a config text without its secrets, however broken the text is. */
export function createLineReader(text: string, value: unknown): (position: Position) => string {
  const lines = text.split(/\r\n|\r|\n/);
  const redactor = createRedactor();
  for (const secret of secretsOf(value)) redactor.add(secret);
  return ({ line, column }) => {
    const whole = lines[line - 1] ?? '';
    const masked = maskForeign(redactor.text(whole)).replace(KEY_AND_TEXT, (all, quote: string, key: string, gap: string, shown: string) =>
      HARMLESS.has(key) ? all : `${quote}${key}${quote}${gap}${shown.charAt(0)}${MASK}${shown.charAt(0)}`,
    );
    if (masked.length <= LONGEST_LINE) return masked.trimEnd();
    const start = Math.max(0, Math.min(column - BEFORE, masked.length - LONGEST_LINE));
    return masked.slice(start, start + LONGEST_LINE);
  };
}
