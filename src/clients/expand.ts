import type { ConfigEntry } from '../model/config.ts';
import type { Client, ExpandedField } from './client.ts';
import { namesVariable, referencesIn, type Reference } from './references.ts';

/** Variables as a process has them. On Windows their names are told apart without case; the caller sees to that. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What a client fills in by itself. */
export interface Predefined {
  readonly home: string;
  readonly project: string;
}

/** References that its client does not replace here: of another client's form, or in a field where it replaces none. */
export function isForeign({ expansion }: Client, field: ExpandedField, { form, name }: Reference): boolean {
  if (!expansion.fields.includes(field)) return true;
  if (form === '${}' && expansion.predefined.includes(name)) return false;
  return !expansion.forms.includes(form);
}

/** One text as its client would hand it on. What cannot be known stays as it is. */
export function expandText(client: Client, field: ExpandedField, text: string, environment: Environment, predefined: Predefined): string {
  let result = text;
  for (const reference of referencesIn(text)) {
    if (isForeign(client, field, reference)) continue;
    const value = valueOf(client, reference, environment, predefined);
    if (value !== null) result = result.replace(reference.text, () => value);
  }
  return result;
}

function valueOf(
  { expansion }: Client,
  { form, name, fallback }: Reference,
  environment: Environment,
  { home, project }: Predefined,
): string | null {
  if (expansion.predefined.includes(name)) {
    const known: Readonly<Record<string, string>> = {
      userHome: home,
      workspaceFolder: project,
      workspacePath: project,
      cwd: project,
      CLAUDE_PROJECT_DIR: project,
      workspaceFolderBasename: project.split(/[\\/]/).at(-1) ?? '',
    };
    return known[name] ?? environment[name] ?? null;
  }
  if (!namesVariable(form)) return null;
  return environment[name] ?? fallback ?? (expansion.whenUnset === 'empty' ? '' : null);
}

/** The entry with every reference replaced as its client does it, headers from variables included. */
export function expandEntry(client: Client, entry: ConfigEntry, environment: Environment, predefined: Predefined): ConfigEntry {
  const expand = (field: ExpandedField, text: string): string => expandText(client, field, text, environment, predefined);
  const table = (field: 'env' | 'headers'): Readonly<Record<string, string>> =>
    Object.fromEntries(Object.entries(entry[field]).map(([name, value]) => [name, expand(field, value)]));
  return {
    ...entry,
    command: entry.command === null ? null : expand('command', entry.command),
    args: entry.args.map((arg) => expand('args', arg)),
    env: { ...passed(entry, environment), ...table('env') },
    cwd: entry.cwd === null ? null : expand('cwd', entry.cwd),
    url: entry.url === null ? null : expand('url', entry.url),
    headers: { ...table('headers'), ...headersFromVariables(client, entry, environment) },
  };
}

function passed({ passedVariables }: ConfigEntry, environment: Environment): Readonly<Record<string, string>> {
  return Object.fromEntries(passedVariables.flatMap((name) => (environment[name] === undefined ? [] : [[name, environment[name]]])));
}

function headersFromVariables(client: Client, entry: ConfigEntry, environment: Environment): Readonly<Record<string, string>> {
  const bearer = client.shape.bearerVariable;
  return Object.fromEntries(
    Object.entries(entry.headerVariables).flatMap(([header, variable]) => {
      const value = environment[variable];
      if (value === undefined || value === '') return [];
      return [[header, bearer !== undefined && header === 'Authorization' ? `Bearer ${value}` : value]];
    }),
  );
}
