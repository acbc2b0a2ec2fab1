import type { ExpansionForm } from './client.ts';

/** A place in a text where a client may put in something else. */
export interface Reference {
  readonly form: ExpansionForm;
  /** The variable, input or file it names. */
  readonly name: string;
  /** What stands in for an unset variable; null when nothing does. */
  readonly fallback: string | null;
  /** The reference as written. */
  readonly text: string;
}

/** One alternative per form, most specific first. */
const PATTERN = new RegExp(
  [
    String.raw`\$\{\{\s*secrets\.(?<secret>[\w.-]+)\s*\}\}`,
    String.raw`\$\{env:(?<dollarEnv>[^}]+)\}`,
    String.raw`\$\{input:(?<input>[^}]+)\}`,
    String.raw`\$\{file:(?<dollarFile>[^}]+)\}`,
    String.raw`\$\{(?<withDefault>[A-Za-z_]\w*):-(?<fallback>[^}]*)\}`,
    String.raw`\$\{(?<braces>[A-Za-z_/][\w./]*)\}`,
    String.raw`(?<!\$)\{env:(?<env>[^}]+)\}`,
    String.raw`(?<!\$)\{file:(?<file>[^}]+)\}`,
    String.raw`\$\((?<command>[^)]*)\)`,
    String.raw`\{\{\s*(?<mustache>\w+)\s*\}\}`,
    String.raw`\$(?<bare>[A-Za-z_]\w*)`,
    String.raw`%(?<percent>[A-Za-z_]\w{2,})%`,
  ].join('|'),
  'g',
);

const FORMS: Readonly<Record<string, ExpansionForm>> = {
  secret: '${{ secrets. }}',
  dollarEnv: '${env:}',
  input: '${input:}',
  dollarFile: '${file:}',
  withDefault: '${:-}',
  braces: '${}',
  env: '{env:}',
  file: '{file:}',
  command: '$()',
  mustache: '{{}}',
  bare: '$',
  percent: '%%',
};

/** Every reference in a text, in any client's form. */
export function referencesIn(text: string): readonly Reference[] {
  return [...text.matchAll(PATTERN)].flatMap((match) => {
    const groups = match.groups ?? {};
    const key = Object.keys(FORMS).find((name) => groups[name] !== undefined);
    const form = key === undefined ? undefined : FORMS[key];
    if (key === undefined || form === undefined) return [];
    return [{ form, name: groups[key] ?? '', fallback: groups['fallback'] ?? null, text: match[0] }];
  });
}

/** Forms that name a variable of the environment. */
const VARIABLES: readonly ExpansionForm[] = ['${}', '${:-}', '$', '${env:}', '{env:}', '%%'];

export function namesVariable(form: ExpansionForm): boolean {
  return VARIABLES.includes(form);
}

/** A reference to a variable in another form; null where that form names no variable. */
export function writeReference(form: ExpansionForm, name: string): string | null {
  switch (form) {
    case '${}':
    case '${:-}':
      return `\${${name}}`;
    case '$':
      return `$${name}`;
    case '${env:}':
      return `\${env:${name}}`;
    case '{env:}':
      return `{env:${name}}`;
    case '%%':
      return `%${name}%`;
    case '${{ secrets. }}':
      return `\${{ secrets.${name} }}`;
    case '${input:}':
    case '{file:}':
    case '${file:}':
    case '$()':
    case '{{}}':
      return null;
  }
}
