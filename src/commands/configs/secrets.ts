/** What of a config must not be shown. */
import { referencesIn } from '../../clients/references.ts';
import { parseDocument } from '../../documents/parse.ts';
import { unifiedDiff } from '../../documents/diff.ts';
import { planEdits } from '../../documents/edit.ts';
import type { ConfigEntry, ConfigFile, EditIntent } from '../../model/config.ts';
import { createRedactor, MASK, maskForeign } from '../../model/redact.ts';

const TABLES = /^(?:env|environment|envs|headers|http_?headers)$/i;
const SECRET_KEY = /key|token|secret|passw(?:or)?d|credential|auth|cookie|session/i;

/** Secrets of one entry, references to variables aside: those say where a secret is, not what it is. */
export function secretsOfEntry({ env, headers, url, args }: ConfigEntry): readonly string[] {
  const variables = Object.entries(env).flatMap(([name, value]) => (name.toUpperCase() === 'PATH' ? [] : [value]));
  return [
    ...[...variables, ...Object.values(headers)].flatMap(secretPart),
    ...(url === null ? [] : secretsOfUrl(url)),
    ...args.flatMap((word, index) => secretsOfArgument(word, args[index - 1] ?? '')),
  ];
}

/** Secrets anywhere in a document, by where they stand. */
function secretsOfDocument(value: unknown, isSecret = false): readonly string[] {
  if (typeof value === 'string') return isSecret ? secretPart(value) : secretsOfUrl(value);
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => {
      const before: unknown = value[index - 1];
      return typeof item === 'string' && !isSecret
        ? secretsOfArgument(item, typeof before === 'string' ? before : '')
        : secretsOfDocument(item, isSecret);
    });
  }
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    secretsOfDocument(inner, isSecret || TABLES.test(key) || (typeof inner === 'string' && SECRET_KEY.test(key))),
  );
}

/** A value that holds more than a reference and the name of an authentication scheme. */
function secretPart(value: string): readonly string[] {
  const references = referencesIn(value);
  if (references.length === 0) return [value];
  let rest = value;
  for (const { text, fallback } of references) rest = rest.replace(text, () => fallback ?? '');
  const bare = rest.replace(/^\s*(?:Bearer|Basic|Token)\b/i, '').trim();
  return bare === '' ? [] : [bare];
}

function secretsOfArgument(word: string, before: string): readonly string[] {
  if (/^--?[\w-]+$/.test(before) && !word.startsWith('-') && maskForeign(`${before} value`).endsWith(MASK)) return secretPart(word);
  if (maskForeign(word) === word) return [];
  const assigned = /^[^=\s]*[=:]\s*(.+)$/s.exec(word)?.[1];
  return [...secretsOfUrl(word), ...(assigned === undefined || /^[a-z]+:\/\//i.test(word) ? [] : secretPart(assigned))];
}

function secretsOfUrl(text: string): readonly string[] {
  const found = /[a-z][a-z0-9+.-]*:\/\/[^\s"']+/i.exec(text)?.[0];
  if (found === undefined || !URL.canParse(found)) return [];
  const { username, password, searchParams } = new URL(found);
  return [username, decoded(password), ...searchParams.values()].filter((one) => one !== '').flatMap(secretPart);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** What edits do to a file, with its secrets masked; null when they cannot be made. */
export function maskedDiff(file: ConfigFile, text: string, edits: readonly EditIntent[]): string | null {
  if (edits.some((edit) => edit.file !== file.path)) return null;
  const plan = planEdits(text, file.format, edits);
  if ('error' in plan) return null;
  const redact = createRedactor();
  for (const version of [text, plan.text])
    for (const secret of secretsOfDocument(parseDocument(version, file.format).value)) redact.add(secret);
  // What a fault hides from the reader, and what stands in comments, is masked by how it looks.
  const isBroken = parseDocument(text, file.format).errors.some(({ code }) => code === 'syntax');
  const shown = (version: string) => maskComments(isBroken ? maskForeign(redact.text(version)) : redact.text(version));
  return unifiedDiff(file.shown, shown(text), shown(plan.text));
}

function maskComments(text: string): string {
  return text.replace(/^(\s*(?:\/\/|#|\*)|.*\s\/\/)(.*)$/gm, (_, start: string, comment: string) => start + maskForeign(comment));
}
