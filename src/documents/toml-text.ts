import type { AST } from 'toml-eslint-parser';

/** Writing TOML 1.0, which readers of every age take: inline tables on one line, without a comma at the end. */

const BARE = /^[A-Za-z0-9_-]+$/;
const CONTROL = /[\u0000-\u001f\u007f]/;

export function keyText(name: string): string {
  return BARE.test(name) ? name : basic(name);
}

/** A dotted key. */
export function keysText(names: readonly string[]): string {
  return names.map(keyText).join('.');
}

function basic(value: string): string {
  return JSON.stringify(value).replaceAll('\u007f', '\\u007F');
}

function stringText(value: string, like: AST.TOMLContentNode | null): string {
  const wasLiteral = like?.type === 'TOMLValue' && like.kind === 'string' && like.style === 'literal';
  const literal = !value.includes("'") && !CONTROL.test(value);
  return literal && (wasLiteral || value.includes('\\')) ? `'${value}'` : basic(value);
}

function numberText(value: number, like: AST.TOMLContentNode | null): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  const wasFloat = like?.type === 'TOMLValue' && like.kind === 'float';
  return wasFloat && Number.isInteger(value) && Math.abs(value) < 1e21 ? `${value}.0` : String(value);
}

/** A value on one line, in the style of the one it replaces; null when TOML has no way to write it. */
export function valueText(value: unknown, like: AST.TOMLContentNode | null = null): string | null {
  if (typeof value === 'string') return stringText(value, like);
  if (typeof value === 'number') return numberText(value, like);
  if (typeof value === 'boolean') return String(value);
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== 'object' || value === null) return null;
  if (Array.isArray(value)) {
    const items = value.map((item) => valueText(item));
    return items.includes(null) ? null : `[${items.join(', ')}]`;
  }
  const pairs = Object.entries(value).map(([key, inner]) => pairText([key], inner));
  if (pairs.includes(null)) return null;
  return pairs.length === 0 ? '{}' : `{ ${pairs.join(', ')} }`;
}

/** `key = value`; null when TOML has no way to write it. */
export function pairText(names: readonly string[], value: unknown): string | null {
  const text = valueText(value);
  return text === null ? null : `${keysText(names)} = ${text}`;
}

/** A table with a header; null when TOML has no way to write it. */
export function sectionText(names: readonly string[], value: object, lineEnding: string): string | null {
  const pairs = Object.entries(value).map(([key, inner]) => pairText([key], inner));
  return pairs.includes(null) ? null : [`[${keysText(names)}]`, ...pairs].join(lineEnding);
}
