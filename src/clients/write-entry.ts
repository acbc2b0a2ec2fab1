import type { ConfigEntry } from '../model/config.ts';
import type { EntryShape } from './shape.ts';

/** What is needed to write an entry; a {@link ConfigEntry} of any client will do. */
export type EntryDraft = Pick<
  ConfigEntry,
  | 'name'
  | 'transport'
  | 'command'
  | 'args'
  | 'env'
  | 'passedVariables'
  | 'envFile'
  | 'cwd'
  | 'url'
  | 'headers'
  | 'headerVariables'
  | 'timeoutMs'
  | 'disabled'
>;

/** An entry in a client's form; null when the client cannot hold it, such as a remote server in a file for local ones. */
export function writeEntry(shape: EntryShape, draft: EntryDraft, isList = false): Readonly<Record<string, unknown>> | null {
  const transport = draft.transport ?? (draft.url === null ? 'stdio' : 'http');
  const body = transport === 'stdio' ? local(shape, draft) : remote(shape, draft, transport);
  if (body === null) return null;
  const word = shape.type.field === null ? null : shape.type.write[transport];
  const limit = shape.timeouts.find(({ of }) => of !== 'tool');
  return {
    ...(isList ? { name: draft.name } : {}),
    ...(word === null || shape.type.field === null ? {} : { [shape.type.field]: word }),
    ...body,
    ...(limit === undefined || draft.timeoutMs === null ? {} : { [limit.field]: draft.timeoutMs / (limit.unit === 's' ? 1000 : 1) }),
    ...(shape.disabled !== null && draft.disabled ? { [shape.disabled.field]: shape.disabled.when } : {}),
  };
}

function local(shape: EntryShape, draft: EntryDraft): Readonly<Record<string, unknown>> | null {
  if (draft.command === null) return null;
  return {
    [shape.command]: shape.args === null ? [draft.command, ...draft.args] : draft.command,
    ...(shape.args !== null && draft.args.length > 0 ? { [shape.args]: draft.args } : {}),
    ...(isEmpty(draft.env) ? {} : { [shape.env]: draft.env }),
    ...(shape.passedVariables !== undefined && draft.passedVariables.length > 0 ? { [shape.passedVariables]: draft.passedVariables } : {}),
    ...(shape.envFile !== null && draft.envFile !== null ? { [shape.envFile]: draft.envFile } : {}),
    ...(shape.cwd !== null && draft.cwd !== null ? { [shape.cwd]: draft.cwd } : {}),
  };
}

function remote(shape: EntryShape, draft: EntryDraft, transport: 'http' | 'sse'): Readonly<Record<string, unknown>> | null {
  const address =
    shape.urls.find((one) => one.transport === null) !== undefined && shape.type.field !== null
      ? shape.urls.find((one) => one.transport === null)
      : (shape.urls.find((one) => one.transport === transport) ?? shape.urls.find((one) => one.transport === null));
  if (draft.url === null || address === undefined) return null;
  const { Authorization: bearer, ...others } = draft.headerVariables;
  const variables = shape.bearerVariable === undefined ? draft.headerVariables : others;
  return {
    [address.field]: draft.url,
    ...(shape.headers === null || isEmpty(draft.headers) ? {} : nested(shape.headers, draft.headers)),
    ...(shape.bearerVariable === undefined || bearer === undefined ? {} : { [shape.bearerVariable]: bearer }),
    ...(shape.headerVariables === undefined || isEmpty(variables) ? {} : { [shape.headerVariables]: variables }),
  };
}

function nested(keys: readonly string[], value: unknown): Readonly<Record<string, unknown>> {
  const [first = '', ...rest] = keys;
  return { [first]: rest.length === 0 ? value : nested(rest, value) };
}

function isEmpty(table: object): boolean {
  return Object.keys(table).length === 0;
}
