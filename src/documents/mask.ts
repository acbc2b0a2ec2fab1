/** Config texts as they may be shown: layout, keys and comments as they are, values that may be secret masked. */
import type { DocumentErrorCode, DocumentFormat, DocumentPath } from '../model/document.ts';
import { createRedactor, MASK, maskForeign } from '../model/redact.ts';
import { parseDocument } from './parse.ts';
import { applySplices, type Splice } from './splice.ts';

/** Tables whose every value counts as secret, however it is spelled: variables and headers. */
const SECRET_TABLE = /^(?:env|envs|environment|env_vars|headers|http_headers|httpheaders|requestoptions)$/i;

/** A reference names a variable and says nothing of its value; a default inside it may. */
const REFERENCE = /\$\{\{?[\w.: ]+\}?\}|\{env:\w+\}|%\w+%|\$\w+/g;

/** Copies of shorter values are ordinary words (`true`, `3000`), and masking these would make a diff unreadable. */
const SHORTEST_COPY = 8;

/** Faults beside which every value is still read. */
const HARMLESS_FAULTS: ReadonlySet<DocumentErrorCode> = new Set(['comment', 'trailing-comma', 'bom']);

/** A value right after a key that says what it is; everything else is masked where a text cannot be read. */
const HARMLESS_KEY =
  /^(?:type|transport|transporttype|command|cmd|url|uri|serverurl|httpurl|name|disabled|enabled|timeout|cwd|version|description)$/i;

/**
 * A text with its secrets masked: all values of variables and headers (references to variables stay), values under names such
 * as token or password, credentials in addresses and arguments, and every longer copy of one of them, in comments too.
 */
export function maskDocument(text: string, format: DocumentFormat): string {
  const document = parseDocument(text, format);
  const redactor = createRedactor();
  const splices: Splice[] = [];
  for (const { path, value, shown } of maskedLeaves(document.value, [], false)) {
    if (typeof value === 'string' && value.length >= SHORTEST_COPY && !shown.includes('${')) redactor.add(value);
    const place = document.positionOf(path)?.value;
    if (place === undefined) continue;
    const { offset, length } = place;
    splices.push({ start: offset, end: offset + length, text: quoteLike(text.slice(offset, offset + length), shown) });
  }
  const unread = document.errors.some(({ code }) => !HARMLESS_FAULTS.has(code));
  // Aliases of YAML lead to one place by several ways.
  const once = [...new Map(splices.map((splice) => [splice.start, splice])).values()].sort((a, b) => a.start - b.start);
  const apart = once.filter(({ start }, index) => index === 0 || start >= (once[index - 1]?.end ?? 0));
  const masked = redactor.text(applySplices(text, apart));
  return (unread ? maskUnread(masked) : masked).split('\n').map(maskLine).join('\n');
}

interface MaskedLeaf {
  readonly path: DocumentPath;
  readonly value: unknown;
  readonly shown: string;
}

function maskedLeaves(value: unknown, path: DocumentPath, secret: boolean): readonly MaskedLeaf[] {
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => {
      const before: unknown = value[index - 1];
      const flagged = typeof before === 'string' && /^--?[\w-]+$/.test(before) && isSecretName(before.replace(/^-+/, ''));
      return maskedLeaves(item, [...path, index], secret || (flagged && typeof item === 'string' && !item.startsWith('-')));
    });
  }
  if (typeof value === 'object' && value !== null && !(value instanceof Date)) {
    return Object.entries(value).flatMap(([key, inner]) => {
      // What a client finds on PATH is no secret, and it is what a diff has to show.
      const open = secret && /^path$/i.test(key);
      return maskedLeaves(
        inner,
        [...path, key],
        !open && (secret || SECRET_TABLE.test(key) || (typeof inner !== 'object' && isSecretName(key))),
      );
    });
  }
  if (value === undefined || value === null || (!secret && typeof value !== 'string')) return [];
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const shown = secret ? maskValue(text) : maskForeign(text);
  return shown === text ? [] : [{ path, value, shown }];
}

function isSecretName(name: string): boolean {
  return maskForeign(`${name}=value`).endsWith(MASK);
}

/** Masks a value but for the references in it. */
function maskValue(text: string): string {
  const references = text.match(REFERENCE) ?? [];
  if (references.length === 0) return text === '' ? '' : MASK;
  return text
    .split(REFERENCE)
    .map((rest, index) => `${/\S/.test(rest) ? rest.replace(/\S+/, MASK).replace(/(\*\*\*).*\S/s, '$1') : rest}${references[index] ?? ''}`)
    .join('');
}

/** A shown value in the quotes of the one it stands for. */
function quoteLike(original: string, shown: string): string {
  const [, quotes = ''] = /^("""|'''|"|')/.exec(original) ?? [];
  return `${quotes}${shown}${quotes}`;
}

/** Where the syntax is broken nothing tells which table a value belongs to, so that only harmless fields are left. */
function maskUnread(text: string): string {
  return text.replace(
    /(["']?)([\w.-]+)\1([ \t]*[:=][ \t]*)("(?:[^"\\\n]|\\.)*"?|'[^'\n]*'?|[^\s,[\]{}"'][^,\n\]}]*)/g,
    (whole, quote: string, name: string, gap: string, value: string) =>
      HARMLESS_KEY.test(name) || /^["']?\*\*\*/.test(value) ? whole : `${quote}${name}${quote}${gap}${quoteLike(value, MASK)}`,
  );
}

/** For comments, and for what the document's structure does not show; what is masked already stays. */
function maskLine(line: string): string {
  return line.includes(MASK) ? line : maskForeign(line);
}
