import type { ConfigEntry } from '../../model/config.ts';
import type { Check } from '../check.ts';
import type { Client, ExpandedField } from '../client.ts';
import { isForeign } from '../expand.ts';
import { variable } from '../locate.ts';
import { mendOf, type EntryFault } from '../problem.ts';
import { namesVariable, referencesIn, writeReference, type Reference } from '../references.ts';

const SHELLS = /(?:^|[\\/])(?:ba|z|da|fi|k)?sh$|(?:^|[\\/])(?:cmd|powershell|pwsh)(?:\.exe)?$/i;

/** Every text of an entry in which its client may replace references, by the name of its place. */
function textsOf(entry: ConfigEntry): readonly (readonly [ExpandedField, string, string])[] {
  // What a shell is given is the shell's to expand.
  const args = entry.command !== null && SHELLS.test(entry.command) ? [] : entry.args;
  return [
    ...(entry.command === null ? [] : [['command', 'command', entry.command] as const]),
    ...args.map((text, index) => ['args', `args.${index}`, text] as const),
    ...Object.entries(entry.env).map(([name, text]) => ['env', `env.${name}`, text] as const),
    ...(entry.cwd === null ? [] : [['cwd', 'cwd', entry.cwd] as const]),
    ...(entry.url === null ? [] : [['url', 'url', entry.url] as const]),
    ...Object.entries(entry.headers).map(([name, text]) => ['headers', `headers.${name}`, text] as const),
  ];
}

/** A form this client knows that names the same variable in this field; null when it knows none. */
function rightForm({ expansion }: Client, field: ExpandedField, { name }: Reference): string | null {
  if (!expansion.fields.includes(field)) return null;
  for (const form of expansion.forms) {
    const written = writeReference(form, name);
    if (written !== null) return written;
  }
  return null;
}

/** Forms that are common text elsewhere: only a variable-like name that is all of the text, or follows a scheme, is meant as one. */
function isMeant({ form, name, text }: Reference, whole: string): boolean {
  if (form === '$') return /^[A-Z][A-Z0-9_]+$/.test(name) && (whole === text || whole === `Bearer ${text}`);
  if (form === '%%') return /^[A-Z][A-Z0-9_]+$/.test(name) && !/^https?:/i.test(whole);
  return namesVariable(form) || form === '${{ secrets. }}' || form === '${input:}';
}

/** References to variables that are not set, and references that this client does not replace. */
export const unsetVariables: Check = (entry, { client, surroundings }) => {
  if (entry.unread !== null) return [];
  const ifReached = { code: 'config-unset-variable', severity: 'warning' } as const;
  const found = textsOf(entry).flatMap(([field, key, whole]) =>
    referencesIn(whole).flatMap((reference): readonly EntryFault[] => {
      const { name, form, fallback, text } = reference;
      const place = entry.at[key];
      const where = { code: 'config-unset-variable', position: place?.position ?? entry.position, ifReached } as const;
      if (isForeign(client, field, reference)) {
        if (!isMeant(reference, whole)) return [];
        const right = rightForm(client, field, reference);
        const what = `"${entry.name}" has ${text} in \`${key.split('.')[0] ?? key}\``;
        if (right === null) {
          return [
            {
              ...where,
              summary: `${what}, and ${client.title} replaces no variables there: it is used as it stands.`,
              advice: howToPass(client, field),
            },
          ];
        }
        return [
          {
            ...where,
            summary: `${what}, which ${client.title} does not replace; its form is ${right}.`,
            ...(place === undefined
              ? { advice: `Write ${right}.` }
              : { mend: mendOf(entry.file, `Write ${right}`, { op: 'set', path: place.path, value: whole.replace(text, () => right) }) }),
          },
        ];
      }
      const isOwn = client.expansion.from !== 'process' || client.expansion.predefined.includes(name);
      if (isOwn || !namesVariable(form) || fallback !== null || variable(surroundings, name) !== null) return [];
      return [
        {
          ...where,
          certainty: 'likely',
          summary: `"${entry.name}" needs the variable ${name}, which is not set here.`,
          advice: `Set ${name} for ${client.title} and start it again.`,
        } as const,
      ];
    }),
  );
  const named = Object.entries(entry.headerVariables).flatMap(([header, name]) =>
    !/^[A-Za-z_]\w*$/.test(name) || variable(surroundings, name) !== null
      ? []
      : [
          {
            code: 'config-unset-variable',
            position: entry.position,
            certainty: 'likely',
            ifReached,
            summary: `"${entry.name}" takes its header ${header} from the variable ${name}, which is not set here.`,
            advice: `Set ${name} for ${client.title} and start it again.`,
          } as const,
        ],
  );
  return [...found, ...named];
};

/** How a value gets to a server of a client that replaces nothing. */
function howToPass({ shape }: Client, field: ExpandedField): string {
  if (field === 'env' && shape.passedVariables !== undefined) return `Name the variable in \`${shape.passedVariables}\` instead.`;
  if (field === 'headers' && shape.headerVariables !== undefined) {
    return `Name the variable in \`${shape.headerVariables}\`${shape.bearerVariable === undefined ? '' : ` or \`${shape.bearerVariable}\``} instead.`;
  }
  return 'Write the value itself.';
}
