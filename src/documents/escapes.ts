/** Backslashes in JSON strings: those that are no escape, and those that are one by accident. */

const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})|\\/g;

/** A string token of JSON, read as its writer meant it. */
export interface StringToken {
  readonly value: string;
  /** Where in the token the first backslash is that begins no escape; null when all do. */
  readonly badEscape: number | null;
}

/**
 * Reads a string token with its quotes, the closing one optional. A Windows path written with single backslashes is read as
 * that path: where one backslash is no escape and none is doubled, all of them are meant as they stand.
 */
export function readJsonString(token: string): StringToken {
  const closed = token.length > 1 && token.endsWith('"');
  const inner = token.slice(1, closed ? -1 : undefined);
  const escapes = [...inner.matchAll(ESCAPE)];
  const bad = escapes.find(([escape]) => escape === '\\');
  const literal = bad !== undefined && !escapes.some(([escape]) => escape === '\\\\');
  const repaired = inner
    .replace(ESCAPE, (escape) => (escape === '\\' || (literal && escape !== '\\"') ? `\\${escape}` : escape))
    // Characters below the space may not stand in a JSON string as they are.
    .replace(/[\u0000-\u001f]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return { value: JSON.parse(`"${repaired}"`) as string, badEscape: bad === undefined ? null : bad.index + 1 };
}

/** What the escapes that are one letter long stand for. */
const BY_ACCIDENT: Readonly<Record<string, string>> = { '\b': '\\b', '\f': '\\f', '\n': '\\n', '\r': '\\r', '\t': '\\t', '\v': '\\v' };

const CONTROL = /[\b\f\n\r\t\v]/g;

/** Where a value has a control character, as `C:\temp` has after single backslashes were taken for escapes; null when it has none. */
export function findControlCharacter(value: string): { readonly index: number; readonly escape: string } | null {
  const index = value.search(CONTROL);
  return index === -1 ? null : { index, escape: BY_ACCIDENT[value[index] ?? ''] ?? '' };
}

/** The value with its control characters turned back into the backslashes they were written with. */
export function restoreBackslashes(value: string): string {
  return value.replace(CONTROL, (character) => BY_ACCIDENT[character] ?? character);
}

/**
 * The span of the double-quoted string, quotes included, that holds a backslash at an offset, where that string may as well
 * stand in single quotes, in which TOML and YAML take every character as it is; null where it may not.
 */
export function literalString(text: string, offset: number): { readonly start: number; readonly end: number } | null {
  const start = text.lastIndexOf('"', offset);
  const end = text.indexOf('"', offset) + 1;
  if (start === -1 || end === 0 || text[start - 1] === '"' || text[end] === '"') return null;
  return /^"[^'\n\r\\]*(?:\\[^'"\n\r\\][^'\n\r\\]*)+"$/.test(text.slice(start, end)) ? { start, end } : null;
}

/** The text with the quotes at both ends of a span made single; its length stays. */
export function withSingleQuotes(text: string, { start, end }: { readonly start: number; readonly end: number }): string {
  return `${text.slice(0, start)}'${text.slice(start + 1, end - 1)}'${text.slice(end)}`;
}
