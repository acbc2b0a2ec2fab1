import { UsageError } from '../model/errors.ts';

/** RFC 9110, 5.6.2. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** What a field value may hold (RFC 9110, 5.5): visible Latin-1, blanks and tabs. */
const VALUE = /^[\t\u0020-\u007e\u0080-\u00ff]*$/;

/** These describe the message itself; set by hand they would break every request. */
const FRAMING = new Set(['connection', 'content-length', 'host', 'keep-alive', 'te', 'trailer', 'transfer-encoding', 'upgrade']);

/** Reads `Name: value` lines. Throws UsageError, which never repeats a value: it may be a secret. */
export function parseHeaders(lines: readonly string[]): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  const seen = new Set<string>();
  for (const [index, line] of lines.entries()) {
    const { name, value } = parseHeader(line, lines.length === 1 ? '--header' : `--header number ${index + 1}`);
    const key = name.toLowerCase();
    if (seen.has(key)) throw new UsageError('duplicate-header', `--header: '${name}' is given twice.`);
    seen.add(key);
    headers[name] = value;
  }
  return headers;
}

function parseHeader(line: string, option: string): { readonly name: string; readonly value: string } {
  const colon = line.indexOf(':');
  if (colon === -1) throw new UsageError('invalid-header', `${option} has no colon. Write --header 'Name: value'.`);
  const name = line.slice(0, colon).trim();
  const value = line.slice(colon + 1).trim();
  if (!TOKEN.test(name))
    throw new UsageError('invalid-header', `${option}: what stands before the colon is not a header name. Write --header 'Name: value'.`);
  if (FRAMING.has(name.toLowerCase()))
    throw new UsageError('invalid-header', `${option}: '${name}' is set by the connection itself and cannot be chosen.`);
  if (!VALUE.test(value))
    throw new UsageError(
      'invalid-header',
      `${option}: the value of '${name}' holds a character that no header may carry (line break, control or non-Latin character).`,
    );
  return { name, value };
}

/** Reads `Name=VARIABLE` words: the header's value is that of the variable, so that it stands in no config and no process list. Throws UsageError. */
export function headersFromVariables(
  words: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  return parseHeaders(
    words.map((word) => {
      const [, name, variable] = /^([^=]+)=([A-Za-z_]\w*)$/.exec(word) ?? [];
      if (name === undefined || variable === undefined)
        throw new UsageError(
          'invalid-header',
          "--header-env takes a header and the name of a variable. Write --header-env 'Name=VARIABLE'.",
        );
      const value = environment[variable];
      if (value === undefined || value === '')
        throw new UsageError('unset-variable', `--header-env ${name}: the variable ${variable} is not set.`);
      return `${name}: ${value}`;
    }),
  );
}
