/**
 * A legacy client in front of a modern server. The handshake is answered from `server/discover`; each request gets the
 * metadata that the server expects; what the server asks back comes to the client as requests, its answers go with a retry.
 */
import { LEGACY_REVISIONS } from '../../facts/revisions.ts';
import { type Envelope, idOf, idText, readEnvelope, valueAt, withId } from '../../wire/envelope.ts';
import { isRecord } from '../../wire/json-rpc.ts';
import type { Outcome } from '../links/link.ts';
import { type Call, createPrompts } from './prompts.ts';
import { cancelledId, cancelUpstream, createListening } from './listening.ts';
import { elementsAt, memberAt, withMembers, withMeta } from './members.ts';
import { type ClientFacts, capabilitiesFor, INPUT_METHODS, META, metaFor, metaText, recordOf } from './meta.ts';
import { olderResult } from './older-results.ts';
import { errorReply, resultReply } from './replies.ts';
import { type Between, DONE, type Translator } from './translator.ts';

/** Legacy code of a resource that does not exist; since 2026-07-28 that is an invalid parameter. */
const RESOURCE_NOT_FOUND = -32002;
const INVALID_PARAMS = -32602;

/** The answer to `initialize`, made from that to `server/discover`. Both are JSON values as they came. */
export function initializeResult(client: ClientFacts, discovered: unknown): object {
  const { capabilities, instructions, _meta } = recordOf(discovered);
  const isKnown = (LEGACY_REVISIONS as readonly string[]).includes(client.version);
  const info = recordOf(_meta)[META.serverInfo];
  return {
    protocolVersion: isKnown ? client.version : LEGACY_REVISIONS[0],
    capabilities: capabilitiesFor(recordOf(capabilities)),
    serverInfo: isRecord(info) ? info : { name: 'unknown', version: '0' },
    ...(typeof instructions === 'string' ? { instructions } : {}),
  };
}

/** Translates for a client that made this handshake; `discovered` is the server's answer to `server/discover`. */
export function createLegacyClient(between: Between, client: ClientFacts, discovered: unknown): Translator {
  const { up, deliver } = between;
  let logLevel: string | null = null;
  const listening = createListening(between, recordOf(recordOf(discovered)['capabilities']), () => metaText(client, logLevel));
  const prompts = createPrompts(between, client, (message, of) => passOn(message, of));
  /** Calls whose answer may ask something back, by the id under which the server knows them. */
  const calls = prompts.calls;
  /** Requests for the list of tools, by their ids. */
  const lists = new Set<string>();

  function answer(request: Envelope, reply: Envelope): Outcome {
    deliver(reply, request.id);
    return DONE;
  }

  /** A response as a legacy client knows it. */
  function passOn(message: Envelope, of: Call): void {
    const { method } = of.request;
    deliver(withId(method === 'resources/read' ? notFound(message) : olderResult(message, method ?? ''), of.idText), of.id);
  }

  async function request(message: Envelope): Promise<Outcome> {
    switch (message.method ?? '') {
      case 'ping':
        return answer(message, resultReply(idText(message), {}));
      case 'logging/setLevel':
        return setLevel(message);
      case 'resources/subscribe':
      case 'resources/unsubscribe':
        return subscribe(message, message.method === 'resources/subscribe');
    }
    const translated = withMeta(message, metaFor(client, logLevel));
    if (message.method === 'tools/list' && message.id !== null) lists.add(message.id);
    if (!INPUT_METHODS.has(message.method ?? '') || message.id === null) return up.send(translated);
    return prompts.call(translated, message.id, idText(message));
  }

  function setLevel(message: Envelope): Outcome {
    const { level } = recordOf(valueAt(message, message.paramsAt));
    if (typeof level !== 'string') {
      return answer(message, errorReply(idText(message), { code: INVALID_PARAMS, message: 'level is not a text' }));
    }
    logLevel = level;
    return answer(message, resultReply(idText(message), {}));
  }

  async function subscribe(message: Envelope, wanted: boolean): Promise<Outcome> {
    const { uri } = recordOf(valueAt(message, message.paramsAt));
    if (typeof uri !== 'string') {
      return answer(message, errorReply(idText(message), { code: INVALID_PARAMS, message: 'uri is not a text' }));
    }
    const refused = await listening.want(uri, wanted);
    if (refused?.kind === 'failed') return refused.outcome;
    const reply = refused?.kind === 'error' ? withId(refused.message, idText(message)) : resultReply(idText(message), {});
    return answer(message, reply);
  }

  function cancel(message: Envelope): Outcome {
    const requestId = cancelledId(message);
    const id = idOf(requestId);
    if (id === null) return DONE;
    const call = [...calls.values()].find((one) => one.id === id);
    if (call !== undefined && prompts.cancel(call)) return DONE;
    const { reason } = recordOf(valueAt(message, message.paramsAt));
    cancelUpstream(between, call?.upstreamId ?? id, reason);
    return DONE;
  }

  async function notification(message: Envelope): Promise<Outcome> {
    switch (message.method ?? '') {
      case 'notifications/initialized':
        listening.start();
        return DONE;
      case 'notifications/cancelled':
        return cancel(message);
      case 'notifications/roots/list_changed':
      case 'notifications/progress':
        return DONE;
    }
    // Over HTTP the version of a message stands in a header too, and is taken from here.
    return up.send(withMeta(message, metaFor(client, null)));
  }

  /** Batches exist in 2025-03-26 alone: their parts go one by one, and so do the answers. */
  async function batch({ bytes }: Envelope): Promise<Outcome> {
    const parts = elementsAt(bytes, { start: 0, end: bytes.length }) ?? [];
    const outcomes = await Promise.all(parts.map(({ start, end }) => translator.send(readEnvelope(bytes.subarray(start, end)))));
    return outcomes.find(({ kind }) => kind !== 'done') ?? DONE;
  }

  const translator: Translator = {
    async send(message) {
      if (message.kind === 'request') return request(message);
      if (message.kind === 'notification') return notification(message);
      if (message.kind === 'response' && prompts.answered(message)) return DONE;
      if (message.kind === 'batch') return batch(message);
      return up.send(message);
    },
    receive(message, of) {
      if (listening.take(message)) return;
      const call = message.kind === 'response' && message.id !== null ? calls.get(message.id) : undefined;
      if (call !== undefined) return prompts.receive(call, message);
      if (message.kind === 'response' && lists.delete(message.id ?? '')) return deliver(olderResult(message, 'tools/list'), of);
      deliver(message, of === null ? null : (calls.get(of)?.id ?? of));
    },
    abandon(id) {
      const call = [...calls.values()].find((one) => one.id === id);
      if (call === undefined || !prompts.cancel(call)) up.abandon(call?.upstreamId ?? id);
    },
    lost(why) {
      prompts.lost(why);
      listening.close();
    },
  };
  return translator;
}

/** Only a resource that is named in the error is certainly one that was not found: -32602 is also any other wrong parameter. */
function notFound(message: Envelope): Envelope {
  const error = recordOf(valueAt(message, message.errorAt));
  if (error['code'] !== INVALID_PARAMS || typeof recordOf(error['data'])['uri'] !== 'string') return message;
  const codeAt = memberAt(message.bytes, message.errorAt, 'code');
  return codeAt === null ? message : withMembers(message, { error: JSON.stringify({ ...error, code: RESOURCE_NOT_FOUND }) });
}
