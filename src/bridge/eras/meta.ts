/** The metadata of the revisions without a handshake, as it is read and made. */
import { LEGACY_REVISIONS, MODERN_REVISIONS } from '../../facts/revisions.ts';
import { type Envelope, valueAt } from '../../wire/envelope.ts';
import { isRecord } from '../../wire/json-rpc.ts';
import { type Changes, changedObject, memberAt } from './members.ts';

/** `legacy`: revisions with the `initialize` handshake, to 2025-11-25; `modern`: those with metadata in each request. */
export type Era = 'legacy' | 'modern';

/** Keys of `_meta` that the revision 2026-07-28 gives a meaning. */
export const META = {
  version: 'io.modelcontextprotocol/protocolVersion',
  clientInfo: 'io.modelcontextprotocol/clientInfo',
  clientCapabilities: 'io.modelcontextprotocol/clientCapabilities',
  logLevel: 'io.modelcontextprotocol/logLevel',
  subscriptionId: 'io.modelcontextprotocol/subscriptionId',
  serverInfo: 'io.modelcontextprotocol/serverInfo',
} as const;

/** What a client says of itself: in its handshake, or in each request. */
export interface ClientFacts {
  readonly version: string;
  readonly capabilities: Readonly<Record<string, unknown>>;
  readonly info: Readonly<Record<string, unknown>> | null;
}

/** Requests whose answer may be `input_required` (basic/patterns/mrtr, supported requests). */
export const INPUT_METHODS: ReadonlySet<string> = new Set(['tools/call', 'prompts/get', 'resources/read']);

/** The era of a client by a message of it; null when the message does not tell. */
export function clientEraOf(message: Envelope): Era | null {
  if (message.kind !== 'request') return null;
  if (message.method === 'initialize') return 'legacy';
  return metaValue(message, META.version) === undefined ? null : 'modern';
}

/** One value in `params._meta`; undefined without it. */
export function metaValue(message: Envelope, key: string): unknown {
  return valueAt(message, memberAt(message.bytes, message.paramsAt, '_meta', key));
}

/** What a client says in `initialize`. */
export function factsOfHandshake(initialize: Envelope): ClientFacts {
  const params = recordOf(valueAt(initialize, initialize.paramsAt));
  const { protocolVersion, capabilities, clientInfo } = params;
  return {
    version: typeof protocolVersion === 'string' ? protocolVersion : LEGACY_REVISIONS[0],
    capabilities: recordOf(capabilities),
    info: isRecord(clientInfo) ? clientInfo : null,
  };
}

/** What a client says in the `_meta` of a request. */
export function factsOfMeta(request: Envelope): ClientFacts {
  const version = metaValue(request, META.version);
  const info = metaValue(request, META.clientInfo);
  return {
    version: typeof version === 'string' ? version : MODERN_REVISIONS[0],
    capabilities: recordOf(metaValue(request, META.clientCapabilities)),
    info: isRecord(info) ? info : null,
  };
}

/** The metadata that makes a request of a legacy client a modern one. */
export function metaFor({ capabilities, info }: ClientFacts, logLevel: string | null): Changes {
  return {
    [META.version]: JSON.stringify(MODERN_REVISIONS[0]),
    [META.clientCapabilities]: JSON.stringify(capabilitiesFor(capabilities)),
    ...(info === null ? {} : { [META.clientInfo]: JSON.stringify(info) }),
    ...(logLevel === null ? {} : { [META.logLevel]: JSON.stringify(logLevel) }),
  };
}

/** The same as the JSON text of `_meta`. */
export function metaText(facts: ClientFacts, logLevel: string | null): string {
  return changedObject(Buffer.from('{}'), null, metaFor(facts, logLevel)).toString();
}

/** Takes the metadata of 2026-07-28 away; progress tokens and unknown keys stay. */
export const WITHOUT_META: Changes = {
  [META.version]: null,
  [META.clientCapabilities]: null,
  [META.clientInfo]: null,
  [META.logLevel]: null,
};

/** Capabilities, of a client or a server, without what only exists in the other era: tasks, and a notice that roots changed. */
export function capabilitiesFor(capabilities: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { tasks: _, ...others } = capabilities;
  return 'roots' in others ? { ...others, roots: {} } : others;
}

/** Whether a client can be asked this; of `elicitation/create` also in this mode. Without modes a client means forms. */
export function canBeAsked(capabilities: Readonly<Record<string, unknown>>, method: string, params: unknown): boolean {
  if (method === 'roots/list') return isRecord(capabilities['roots']);
  if (method === 'sampling/createMessage') return isRecord(capabilities['sampling']);
  if (method !== 'elicitation/create') return false;
  const modes = capabilities['elicitation'];
  if (!isRecord(modes)) return false;
  if (isRecord(params) && params['mode'] === 'url') return isRecord(modes['url']);
  return isRecord(modes['form']) || !isRecord(modes['url']);
}

/** The value as an object; an empty one when it is none. */
export function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {};
}
