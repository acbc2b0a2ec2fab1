import { findControlCharacter, restoreBackslashes } from '../documents/escapes.ts';
import type { ConfigProblem } from '../model/config.ts';
import type { DocumentPath } from '../model/document.ts';
import { deepField, fieldOf, type EntrySource, type Field, type Launch } from './fields.ts';
import { isObject, mendOf, placeOf, problemIn, type EntryFault, type Mendable } from './problem.ts';
import { referencesIn } from './references.ts';

/** Programs that start servers; a space after one of them means that arguments were written into the command. */
const LAUNCHERS = /^(?:npx|npm|pnpm|pnpx|bunx|bun|yarn|node|deno|uvx|uv|pipx|python3?|py|docker|podman|cmd|sh|bash)(?:\.exe|\.cmd)?\s+\S/i;

const WHOLE_URL = 'Write the whole address, from http:// or https:// on.';

/** Values of the wrong type, and values that cannot be meant. */
export function checkValues(source: EntrySource, launch: Launch): readonly ConfigProblem[] {
  const faults = [
    ...commandFaults(source, launch),
    ...argsFaults(source, launch.args),
    ...tableFaults(source, launch.env, 'variable'),
    ...tableFaults(source, source.shape.headers === null ? undefined : deepField(source, source.shape.headers), 'header'),
    ...urlFaults(source),
    ...pathFaults(source, launch),
    ...nameFaults(source),
    ...bearerFaults(source),
  ];
  return faults.map((fault) => problemIn(source, { server: source.name, ...fault }));
}

type BadValue = { readonly path: DocumentPath; readonly key?: true } & Pick<
  EntryFault,
  'summary' | 'severity' | 'certainty' | 'ifReached'
> &
  Mendable;

function bad(source: EntrySource, { path, key, ...rest }: BadValue): EntryFault {
  return { code: 'config-bad-entry', position: placeOf(source.document, path, key ? 'key' : 'value'), ...rest };
}

function commandFaults(source: EntrySource, { command, args }: Launch): readonly EntryFault[] {
  const { client, shape, name, file } = source;
  if (command === undefined) return [];
  const { value, path } = command;
  if (Array.isArray(value)) {
    if (shape.args === null) {
      return value.length > 0 && value.every((item) => typeof item === 'string')
        ? []
        : [
            bad(source, {
              path,
              summary: `The command of "${name}" is to be a list of texts, the program first.`,
              advice: 'Write the program and each argument as a text of its own, in double quotes.',
            }),
          ];
    }
    const [program, ...rest] = value.map(String);
    return [
      bad(source, {
        path,
        summary: `${client.title} wants the command of "${name}" as one text, with the arguments in \`${shape.args}\`.`,
        ...(program === undefined || args !== undefined
          ? { advice: `Write the program alone as the command, and the other texts in \`${shape.args}\`.` }
          : {
              mend: mendOf(
                file,
                'Split the list into command and arguments',
                { op: 'set', path, value: program },
                { op: 'insert', path: [...path.slice(0, -1), shape.args], value: rest },
              ),
            }),
      }),
    ];
  }
  if (typeof value !== 'string' || value.trim() === '')
    return [
      bad(source, { path, summary: `The command of "${name}" is not a text.`, advice: 'Write the name or the path of the program.' }),
    ];
  if (shape.args === null) {
    const given = fieldOf(source, 'args');
    const rest = Array.isArray(given?.value) ? given.value.map(String) : [];
    return [
      bad(source, {
        path,
        summary: `${client.title} wants the command of "${name}" as a list that holds the arguments too.`,
        mend: mendOf(
          file,
          'Write command and arguments as one list',
          { op: 'set', path, value: [...value.trim().split(/\s+/), ...rest] },
          ...(given === undefined ? [] : [{ op: 'delete' as const, path: given.path }]),
        ),
      }),
    ];
  }
  if (!LAUNCHERS.test(value)) return [];
  const [program = '', ...rest] = value.trim().split(/\s+/);
  const items = Array.isArray(args?.value) ? args.value.map(String) : [];
  const argsPath = args?.path ?? [...path.slice(0, -1), shape.args];
  return [
    bad(source, {
      path,
      certainty: 'likely',
      summary: `The command of "${name}" holds its arguments; ${client.title} looks for a program of that whole name.`,
      mend: mendOf(
        file,
        `Move the arguments into \`${shape.args}\``,
        { op: 'set', path, value: program },
        args === undefined ? { op: 'insert', path: argsPath, value: rest } : { op: 'set', path: argsPath, value: [...rest, ...items] },
      ),
    }),
  ];
}

function argsFaults(source: EntrySource, args: Field | undefined): readonly EntryFault[] {
  if (args === undefined) return [];
  const { name, file } = source;
  const { value, path } = args;
  if (!Array.isArray(value)) {
    return [
      bad(source, {
        path,
        summary: `The arguments of "${name}" are to be a list of texts.`,
        ...(typeof value === 'string'
          ? {
              mend: mendOf(file, 'Write the arguments as a list', {
                op: 'set',
                path,
                value: value.trim() === '' ? [] : value.trim().split(/\s+/),
              }),
            }
          : { advice: 'Write a list, each argument as a text of its own.' }),
      }),
    ];
  }
  return value.flatMap((item, index) =>
    typeof item === 'string'
      ? []
      : [
          bad(source, {
            path: [...path, index],
            summary: `Argument ${index + 1} of "${name}" is not a text.`,
            ...(isObject(item) || Array.isArray(item) || item === null
              ? { advice: 'Write a text in its place, or remove it.' }
              : { mend: mendOf(file, 'Put the argument in quotes', { op: 'set', path: [...path, index], value: String(item) }) }),
          }),
        ],
  );
}

function tableFaults(source: EntrySource, field: Field | undefined, what: 'variable' | 'header'): readonly EntryFault[] {
  if (field === undefined || field.value === null) return [];
  const { name, file, client } = source;
  const { value, path } = field;
  if (!isObject(value)) {
    return [
      bad(source, {
        path,
        summary: `The ${what}s of "${name}" are to be an object of names and texts.`,
        advice: `Write an object with the name of each ${what} as a key and its text as the value.`,
      }),
    ];
  }
  return Object.entries(value).flatMap(([key, inner]) => {
    if (typeof inner === 'string' || inner === null) return [];
    // VS Code takes numbers for variables.
    if (client.id === 'vscode' && what === 'variable' && typeof inner === 'number') return [];
    return [
      bad(source, {
        path: [...path, key],
        summary: `The value of the ${what} ${key} of "${name}" is not a text.`,
        ...(typeof inner === 'number' || typeof inner === 'boolean'
          ? { mend: mendOf(file, 'Put the value in quotes', { op: 'set', path: [...path, key], value: String(inner) }) }
          : { advice: 'Write its value as one text.' }),
      }),
    ];
  });
}

function urlFaults(source: EntrySource): readonly EntryFault[] {
  const { name, file } = source;
  return source.shape.urls.flatMap(({ field }) => {
    const found = fieldOf(source, field);
    if (found === undefined) return [];
    const { value, path } = found;
    if (typeof value !== 'string') return [bad(source, { path, summary: `The address of "${name}" is not a text.`, advice: WHOLE_URL })];
    if (referencesIn(value).length > 0) return [];
    if (value !== value.trim()) {
      return [
        bad(source, {
          path,
          severity: 'warning',
          summary: `The address of "${name}" has blanks around it.`,
          mend: mendOf(file, 'Remove the blanks', { op: 'set', path, value: value.trim() }),
        }),
      ];
    }
    if (URL.canParse(value) && /^(?:https?|wss?|unix|pipe):/i.test(value)) return [];
    const guess = `${/^(?:localhost|127\.|\[|0\.0\.0\.0)/.test(value) ? 'http' : 'https'}://${value.replace(/^\/+/, '')}`;
    const isBare = !value.includes('://') && /^[\w.[\]:-]+(?::\d+)?(?:\/|$)/.test(value) && URL.canParse(guess);
    return [
      bad(source, {
        path,
        summary: isBare ? `The address of "${name}" does not begin with http:// or https://.` : `The address of "${name}" is no URL.`,
        ...(isBare
          ? { mend: mendOf(file, `Add ${guess.split('//')[0] ?? ''}//`, { op: 'set', path, value: guess }) }
          : { advice: WHOLE_URL }),
      }),
    ];
  });
}

/** Control characters and `~` where a path is meant: nobody between the file and the program replaces them. */
function pathFaults(source: EntrySource, { command, args }: Launch): readonly EntryFault[] {
  const { name, file, client, shape } = source;
  const fields: readonly Field[] = [
    ...(command === undefined ? [] : Array.isArray(command.value) ? items(command) : [command]),
    ...(args === undefined ? [] : items(args)),
    ...[fieldOf(source, shape.cwd)].filter((field): field is Field => field !== undefined),
  ];
  return fields.flatMap(({ value, path }) => {
    if (typeof value !== 'string') return [];
    const control = /^[A-Za-z]:/.test(value) ? findControlCharacter(value) : null;
    if (control !== null) {
      return [
        bad(source, {
          path,
          summary: `A path of "${name}" has a control character in it: its ${control.escape} was read as an escape.`,
          mend: mendOf(file, 'Double the backslashes', { op: 'set', path, value: restoreBackslashes(value) }),
        }),
      ];
    }
    if (/^~[/\\]/.test(value)) {
      return [
        bad(source, {
          path,
          certainty: 'likely',
          ifReached: { code: 'config-bad-entry', severity: 'warning' },
          summary: `${client.title} starts "${name}" without a shell, so that ~ is not replaced by the home folder.`,
          advice: 'Write the whole path.',
        }),
      ];
    }
    return [];
  });
}

function items({ value, path }: Field): readonly Field[] {
  return Array.isArray(value) ? value.map((item, index) => ({ value: item, path: [...path, index] })) : [];
}

function nameFaults(source: EntrySource): readonly EntryFault[] {
  const { name, client, path, file } = source;
  const rules = client.names;
  if (rules === null) return [];
  const key = path.at(-1);
  if (rules.reserved.includes(name)) {
    return [
      bad(source, {
        path,
        key: true,
        summary: `"${name}" is a name that ${client.title} keeps for itself.`,
        advice: 'Give the server another name.',
      }),
    ];
  }
  if (rules.pattern.test(name) || typeof key !== 'string') return [];
  const value = name.replace(/[^A-Za-z0-9_-]+/g, '-').replace(/^-+|-+$/g, '');
  return [
    bad(source, {
      path,
      key: true,
      summary: `"${name}" is no name that ${client.title} takes: ${rules.rule}.`,
      ...(value === ''
        ? { advice: 'Give the server another name.' }
        : { mend: mendOf(file, `Rename the server to ${value}`, { op: 'rename-key', path, value }) }),
    }),
  ];
}

/** A field for a variable's name that holds something else, which then is the token itself. */
function bearerFaults(source: EntrySource): readonly EntryFault[] {
  const { shape, name } = source;
  const field = fieldOf(source, shape.bearerVariable ?? null);
  if (typeof field?.value !== 'string' || /^[A-Za-z_][A-Za-z0-9_]*$/.test(field.value)) return [];
  return [
    bad(source, {
      path: field.path,
      summary: `\`${shape.bearerVariable ?? ''}\` of "${name}" is to be the name of a variable, not the token.`,
      advice: 'Put the token into a variable and write its name here.',
    }),
  ];
}
