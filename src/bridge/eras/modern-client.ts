/**
 * A modern client in front of a legacy server. Our own handshake stands behind `server/discover`; requests lose the
 * metadata that such a server does not know, results get what a modern client expects. What the server asks back during a
 * call becomes the answer `input_required`; the call stays open upstream and the client's retry takes it over.
 */
import { MODERN_REVISIONS, RPC_CODES } from '../../facts/revisions.ts';
import { type Envelope, idOf, idText, valueAt } from '../../wire/envelope.ts';
import { isRecord } from '../../wire/json-rpc.ts';
import type { Outcome } from '../links/link.ts';
import { type Carried, createCarriers } from './carriers.ts';
import { createAudience } from './audience.ts';
import { cancelledId } from './listening.ts';
import { changedObject, memberAt, membersAt, withMembers, withMeta } from './members.ts';
import { nextId } from './memory.ts';
import { capabilitiesFor, META, metaValue, recordOf, WITHOUT_META } from './meta.ts';
import { errorReply, refusal, requestOf, resultReply } from './replies.ts';
import { type Between, DONE, type Translator } from './translator.ts';

/** Legacy code of a resource that does not exist. */
const RESOURCE_NOT_FOUND = -32002;

/** Results that say how long they hold: those of a legacy server not at all. */
const CACHEABLE: ReadonlySet<string> = new Set([
  'server/discover',
  'tools/list',
  'prompts/list',
  'resources/list',
  'resources/templates/list',
  'resources/read',
]);
const NOT_CACHEABLE = { ttlMs: '0', cacheScope: '"private"' } as const;

/** The answer to `server/discover`, made from that to `initialize`. Both are JSON values as they came. */
export function discoverResult(initialized: unknown): object {
  const { capabilities, serverInfo, instructions } = recordOf(initialized);
  return {
    resultType: 'complete',
    supportedVersions: [...MODERN_REVISIONS],
    capabilities: capabilitiesFor(recordOf(capabilities)),
    ...(typeof instructions === 'string' ? { instructions } : {}),
    ...(isRecord(serverInfo) ? { _meta: { [META.serverInfo]: serverInfo } } : {}),
    ttlMs: 0,
    cacheScope: 'private',
  };
}

/** Translates towards a server that answered our handshake so. */
export function createModernClient(between: Between, initialized: unknown): Translator {
  const { up, deliver, memory } = between;
  const serverCapabilities = recordOf(recordOf(initialized)['capabilities']);
  const carriers = createCarriers(between, finish);
  const audience = createAudience(between, serverCapabilities);
  let logLevel: string | null = null;

  function answer(request: Envelope, reply: Envelope): Outcome {
    deliver(reply, request.id);
    return DONE;
  }

  /** Gives the client a response of the server, under the id it waits for now. */
  function finish(message: Envelope, of: Carried): void {
    deliver(message.errorAt === null ? completed(message, of.method) : withModernCode(message, of.method), message.id);
  }

  async function request(message: Envelope): Promise<Outcome> {
    const version = metaValue(message, META.version);
    if (typeof version === 'string' && !(MODERN_REVISIONS as readonly string[]).includes(version)) {
      const data = { supported: [...MODERN_REVISIONS], requested: version };
      const code = RPC_CODES.unsupportedProtocolVersion;
      return answer(message, errorReply(idText(message), { code, message: 'Unsupported protocol version', data }));
    }
    if (message.method === 'server/discover') return answer(message, resultReply(idText(message), discoverResult(initialized)));
    if (message.method === 'subscriptions/listen') return audience.listen(message);
    const state = valueAt(message, memberAt(message.bytes, message.paramsAt, 'requestState'));
    if (state !== undefined) {
      return (
        carriers.resume(message, state) ??
        answer(
          message,
          refusal(idText(message), 'The server no longer knows the call that this continues.', 'unknown', ['Call the tool again.']),
        )
      );
    }
    const level = metaValue(message, META.logLevel);
    if (typeof level === 'string' && level !== logLevel && isRecord(serverCapabilities['logging'])) await setLevel(level);
    return carriers.call(message, withMeta(message, WITHOUT_META));
  }

  /** The level of a legacy server is one for all requests: the last that was asked for. */
  async function setLevel(level: string): Promise<void> {
    logLevel = level;
    await up.ask(requestOf(nextId(memory), 'logging/setLevel', JSON.stringify({ level })));
  }

  async function cancel(message: Envelope): Promise<Outcome> {
    const requestId = cancelledId(message);
    const id = idOf(requestId);
    if (id === null || audience.leave(id)) return DONE;
    const call = carriers.find(id);
    if (call === null) return DONE;
    const { reason } = recordOf(valueAt(message, message.paramsAt));
    return carriers.cancel(call, reason);
  }

  return {
    async send(message) {
      if (message.kind === 'request') return request(message);
      // Nothing is asked of a modern client, so it has nothing to answer.
      if (message.kind === 'response') return DONE;
      if (message.method === 'notifications/cancelled') return cancel(message);
      return up.send(withMeta(message, WITHOUT_META));
    },
    receive(message, of) {
      if (message.kind === 'request') return asked(message, of);
      if (carriers.receive(message, of) || audience.take(message)) return;
      deliver(message, of === null ? null : carriers.carrierOf(of));
    },
    abandon(id) {
      audience.leave(id);
    },
    lost(why) {
      carriers.lost(why);
      audience.lost(why);
    },
  };

  /** A request of the server to the client. */
  function asked(message: Envelope, of: string | null): void {
    if (message.method === 'ping') {
      void up.send(resultReply(idText(message), {}));
      return;
    }
    carriers.ask(message, of);
  }
}

/** A result as 2026-07-28 wants it: all else stays as it came. */
export function completed(message: Envelope, method: string): Envelope {
  const { bytes, resultAt } = message;
  const members = membersAt(bytes, resultAt);
  if (members === null) return message;
  const wanted = { resultType: '"complete"', ...(CACHEABLE.has(method) ? NOT_CACHEABLE : {}) };
  const missing = Object.entries(wanted).filter(([key]) => !members.some((one) => one.key === key));
  return missing.length === 0 ? message : withMembers(message, { result: changedObject(bytes, resultAt, Object.fromEntries(missing)) });
}

/** Of a read, -32002 is certainly a resource that does not exist. */
function withModernCode(message: Envelope, method: string): Envelope {
  const error = valueAt(message, message.errorAt);
  if (method !== 'resources/read' || !isRecord(error) || error['code'] !== RESOURCE_NOT_FOUND) return message;
  return withMembers(message, { error: JSON.stringify({ ...error, code: RPC_CODES.invalidParams }) });
}
