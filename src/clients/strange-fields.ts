import type { ConfigProblem } from '../model/config.ts';
import type { Transport } from '../model/target.ts';
import type { EntrySource } from './fields.ts';
import type { Client } from './client.ts';
import { mendOf, placeOf, problemIn, type EntryFault, type Mendable } from './problem.ts';
import { knownFields, type EntryShape } from './shape.ts';
import { ROLES, type Role } from './words.ts';

/** Fields that other clients read and this one does not. Names that no client knows are left alone. */
export function checkFields(source: EntrySource, transport: Transport | null): readonly ConfigProblem[] {
  const known = knownFields(source.shape);
  return Object.keys(source.raw).flatMap((field) => {
    const role = known.has(field) ? undefined : roleOf(field);
    const fault = role === undefined ? null : judge(source, field, role, transport);
    return fault === null ? [] : [problemIn(source, { server: source.name, ...fault })];
  });
}

function roleOf(field: string): Role | undefined {
  const roles = Object.keys(ROLES) as Role[];
  return roles.find((role) => (ROLES[role] as readonly string[]).includes(field));
}

/** What to do where the client has no such field. */
function withoutField({ title }: Client, shape: EntryShape, field: string, role: Role): string {
  switch (role) {
    case 'cwd':
      return `Write full paths in \`${shape.command}\` and \`${shape.args ?? shape.command}\`, and remove \`${field}\`.`;
    case 'envFile':
      return `Write the variables into \`${shape.env}\`, and remove \`${field}\`.`;
    case 'headers':
      return `${title} sends no headers of an entry: start \`npx mcp-remote URL --header …\` as its command instead.`;
    default:
      return `Remove \`${field}\`.`;
  }
}

/** The field by which this client does the same; null when it has none. */
function counterpart(shape: EntryShape, role: Role): string | null {
  switch (role) {
    case 'args':
      return shape.args;
    case 'env':
      return shape.env;
    case 'cwd':
      return shape.cwd;
    case 'headers':
      return shape.headers?.length === 1 ? (shape.headers[0] ?? null) : null;
    case 'envFile':
      return shape.envFile;
    case 'approve':
      return ROLES.approve.find((field) => shape.others.includes(field)) ?? null;
    // These are told where the transport is read, or cannot be renamed without changing the value.
    case 'type':
    case 'command':
    case 'url':
    case 'timeout':
    case 'disabled':
      return null;
  }
}

function judge(source: EntrySource, field: string, role: Role, transport: Transport | null): EntryFault | null {
  const { client, shape, name, raw, file, path, document } = source;
  const position = placeOf(document, [...path, field], 'key');
  const right = counterpart(shape, role);
  const rename: Mendable =
    right !== null && !(right in raw)
      ? { mend: mendOf(file, `Rename \`${field}\` to \`${right}\``, { op: 'rename-key', path: [...path, field], value: right }) }
      : { advice: right === null ? withoutField(client, shape, field, role) : `Move what it says into \`${right}\` and remove it.` };
  const instead = right === null ? '' : `; it reads \`${right}\``;
  const ignored = { code: 'config-ignored-field', severity: 'warning' } as const;
  const summary = `${client.title} takes no notice of \`${field}\` of "${name}"${instead}.`;

  switch (role) {
    case 'type':
    case 'command':
      return null;
    case 'url':
      // Without another address this is told where the transport is read.
      return shape.urls.some((one) => one.field in raw) ? { ...ignored, position, summary, advice: 'Remove it.' } : null;
    case 'args':
      return shape.args === null ? null : { code: 'config-bad-entry', position, summary, ...rename, ifReached: ignored };
    case 'env':
    case 'headers': {
      const matters = role === 'env' ? transport === 'stdio' : transport !== 'stdio';
      if (!matters || (shape.urls.length === 0 && role === 'headers')) return null;
      const nested: Mendable =
        role === 'headers' && right === null && shape.headers !== null
          ? {
              mend: mendOf(
                file,
                `Move \`${field}\` into \`${shape.headers.join('.')}\``,
                { op: 'insert', path: [...path, ...shape.headers], value: raw[field] },
                { op: 'delete', path: [...path, field] },
              ),
            }
          : rename;
      return { code: 'config-bad-entry', certainty: 'likely', position, summary, ...nested, ifReached: ignored };
    }
    case 'cwd':
      return transport === 'stdio' ? { ...ignored, position, summary, ...rename } : null;
    case 'envFile':
      return transport === 'stdio' ? { ...ignored, position, summary, ...rename } : null;
    case 'approve':
      return { ...ignored, position, summary, ...rename };
    case 'timeout': {
      const fields = shape.timeouts.map((one) => `\`${one.field}\` (${one.unit})`).join(' or ');
      return {
        ...ignored,
        position,
        summary,
        advice: fields === '' ? `The limit of ${client.title} is not set in the entry.` : `Use ${fields}.`,
      };
    }
    case 'disabled':
      // A field that says "on" changes nothing.
      return raw[field] === (field === 'disabled')
        ? {
            ...ignored,
            position,
            summary: `\`${field}\` does not switch "${name}" off in ${client.title}.`,
            advice: `It is switched off ${client.switchedOff}.`,
          }
        : null;
  }
}
