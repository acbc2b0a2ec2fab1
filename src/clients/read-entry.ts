import type { ConfigEntry, ConfigProblem, FieldPlace, Unread } from '../model/config.ts';
import { deepField, fieldOf, fieldPlace, launchOf, type EntrySource, type Field } from './fields.ts';
import { isObject, placeOf } from './problem.ts';
import { readTransport } from './read-transport.ts';
import { checkFields } from './strange-fields.ts';
import { checkValues } from './values.ts';

/** One entry as far as it can be read, and what is wrong with it. */
export interface EntryReading {
  /** Null for what is no MCP server, such as an extension that is built in. */
  readonly entry: ConfigEntry | null;
  readonly problems: readonly ConfigProblem[];
}

function texts(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((item) => ['string', 'number', 'boolean'].includes(typeof item)).map(String) : [];
}

/** An object of texts; a list of `NAME=value` is read as one. */
function table(value: unknown): Readonly<Record<string, string>> {
  if (Array.isArray(value)) {
    return Object.fromEntries(value.flatMap((item) => (/^[^=]+=/.test(String(item)) ? [String(item).split(/=(.*)/s).slice(0, 2)] : [])));
  }
  if (!isObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) =>
      ['string', 'number', 'boolean'].includes(typeof inner) ? [[name, String(inner)]] : [],
    ),
  );
}

/** Names in a list of names, or of objects with a `name`. */
function names(value: unknown): readonly string[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((item) =>
    typeof item === 'string' ? [item] : isObject(item) && typeof item['name'] === 'string' ? [item['name']] : [],
  );
}

/** Places of a table's or list's items, by their names. */
function itemPlaces(source: EntrySource, name: string, field: Field | undefined, shift = 0): readonly (readonly [string, FieldPlace])[] {
  if (field === undefined) return [];
  const keys: readonly (string | number)[] = Array.isArray(field.value)
    ? field.value.map((_, index) => index).slice(shift)
    : isObject(field.value)
      ? Object.keys(field.value)
      : [];
  return keys.map((key) => [`${name}.${typeof key === 'number' ? key - shift : key}`, fieldPlace(source, [...field.path, key])]);
}

/** Reads an entry by its client's shape. */
export function readEntry(source: EntrySource, unread: Unread | null = null): EntryReading {
  const { client, shape, raw, name, path, file } = source;
  const launch = launchOf(source);
  const { transport, alsoSse, url, problems, isServer } = readTransport(source, launch);
  if (!isServer) return { entry: null, problems: [] };

  const argv = Array.isArray(launch.command?.value) ? texts(launch.command.value) : null;
  const cwd = fieldOf(source, shape.cwd);
  const headers = shape.headers === null ? undefined : deepField(source, shape.headers);
  const type = fieldOf(source, shape.type.field);
  const timeout = shape.timeouts.map((rule) => ({ rule, field: fieldOf(source, rule.field) })).find(({ field }) => field !== undefined);
  const disabled = fieldOf(source, shape.disabled?.field ?? null);
  const args = argv === null ? launch.args : launch.command;
  const place = (key: string, field: Field | undefined): readonly (readonly [string, FieldPlace])[] =>
    field === undefined ? [] : [[key, fieldPlace(source, field.path)]];

  const entry: ConfigEntry = {
    client: client.id,
    name,
    file,
    path,
    position: placeOf(source.document, path, 'key'),
    at: Object.fromEntries([
      ...place('type', type),
      ...place(
        'command',
        argv === null || launch.command === undefined ? launch.command : { value: argv[0], path: [...launch.command.path, 0] },
      ),
      ...place('args', args),
      ...itemPlaces(source, 'args', args, argv === null ? 0 : 1),
      ...place('env', launch.env),
      ...itemPlaces(source, 'env', launch.env),
      ...place('cwd', cwd),
      ...place('url', url),
      ...place('headers', headers),
      ...itemPlaces(source, 'headers', headers),
      ...place('timeout', timeout?.field),
      ...place('disabled', disabled),
    ]),
    transport,
    alsoSse,
    command: argv === null ? textOf(launch.command) : (argv[0] ?? null),
    args: argv === null ? texts(launch.args?.value) : [...argv.slice(1), ...texts(fieldOf(source, 'args')?.value)],
    env: table(launch.env?.value),
    passedVariables: names(fieldOf(source, shape.passedVariables ?? null)?.value),
    envFile: textOf(fieldOf(source, shape.envFile)),
    cwd: textOf(cwd),
    url: textOf(url),
    headers: table(headers?.value),
    headerVariables: headerVariables(source),
    timeoutMs: startupLimit(source),
    disabled: isOff(source),
    approval: 'not-needed',
    unread,
    raw,
  };
  return { entry, problems: [...problems, ...checkValues(source, launch), ...checkFields(source, transport)] };
}

function textOf(field: Field | undefined): string | null {
  return typeof field?.value === 'string' ? field.value : null;
}

function headerVariables(source: EntrySource): Readonly<Record<string, string>> {
  const { shape } = source;
  const bearer = textOf(fieldOf(source, shape.bearerVariable ?? null));
  return {
    ...table(fieldOf(source, shape.headerVariables ?? null)?.value),
    ...(bearer === null ? {} : { Authorization: bearer }),
  };
}

function startupLimit(source: EntrySource): number | null {
  for (const { field, unit, of, max } of source.shape.timeouts) {
    const value = fieldOf(source, field)?.value;
    if (of === 'tool' || typeof value !== 'number' || !(value > 0)) continue;
    return Math.min(value, max ?? Number.POSITIVE_INFINITY) * (unit === 's' ? 1000 : 1);
  }
  return null;
}

function isOff(source: EntrySource): boolean {
  const { disabled, others } = source.shape;
  if (disabled !== null && fieldOf(source, disabled.field)?.value === disabled.when) return true;
  // A second form of the same client, as OpenCode's version 2 has it.
  return others.includes('disabled') && fieldOf(source, 'disabled')?.value === true;
}
