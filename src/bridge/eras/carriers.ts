/**
 * Calls of a modern client at a legacy server. One call upstream may be carried by several requests of the client, one
 * after the other: when the server asks something, the request that carries the call is answered with `input_required`,
 * and the retry with the answers carries it on, until the server's response comes.
 *
 *   carried --server asks--> left alone --retry--> carried
 *   carried --server answers--> over
 *   left alone --server answers--> kept for the retry
 */
import { RPC_CODES } from '../../facts/revisions.ts';
import { after } from '../../system/clock.ts';
import { type Envelope, idOf, idText, valueAt, withId } from '../../wire/envelope.ts';
import type { LinkFailure, Outcome } from '../links/link.ts';
import { cancelledId } from './listening.ts';
import { changedObject, memberAt, textAt, withMeta, withParams } from './members.ts';
import { nextId } from './memory.ts';
import { canBeAsked, factsOfMeta, INPUT_METHODS, META, metaValue, recordOf, WITHOUT_META } from './meta.ts';
import { errorReply, notificationOf, refusal, resultReply } from './replies.ts';
import { type Between, DONE } from './translator.ts';

/** A person may think over a question for long; a client that never comes back must not keep calls open for ever. */
const LEFT_ALONE_MS = 30 * 60_000;

/** 2025-11-25: the call needs the user to open addresses first; `data.elicitations` lists them. */
const URL_ELICITATION_REQUIRED = -32042;

/** The client's request that waits for the answer to a call. */
interface Carrier {
  readonly id: string;
  readonly idText: string;
  readonly request: Envelope;
  readonly settle: (outcome: Outcome) => void;
}

/** A call that a legacy server works on. */
export interface Carried {
  readonly method: string;
  /** Under which the server knows it: the id of the client's first request. */
  readonly upstreamId: string;
  readonly upstreamIdText: string;
  readonly progressToken: string | null;
  carrier: Carrier | null;
  /** Requests of the server that the client has not seen, and those it has, by their keys. */
  unseen: Envelope[];
  asked: Map<string, Envelope>;
  /** What came while no request of the client waited for it. */
  answer: Envelope | null;
  outcome: Outcome | null;
  forget: (() => void) | null;
}

export interface Carriers {
  /** Sends a call; `translated` is the client's request as the server understands it. */
  call(request: Envelope, translated: Envelope): Promise<Outcome>;
  /** Carries a call on, or starts it again; null when no call has this state. */
  resume(request: Envelope, state: unknown): Promise<Outcome> | null;
  /** Takes a message of the server that belongs to calls. */
  receive(message: Envelope, of: string | null): boolean;
  /** A request of the server to the client. */
  ask(request: Envelope, of: string | null): void;
  /** The call that a request of the client carries, or has left alone. */
  find(id: string): Carried | null;
  /** The client's request that carries a call now; the given id when it is none of a call. */
  carrierOf(upstreamId: string): string;
  cancel(call: Carried, reason: unknown): Promise<Outcome>;
  lost(why: LinkFailure): void;
}

/** The calls of one link; `finish` gives the client a response, already under the id that it waits for. */
export function createCarriers(between: Between, finish: (response: Envelope, of: Carried) => void): Carriers {
  const { up, deliver, memory } = between;
  const calls = new Map<string, Carried>();
  /** What a state stands for: a call that is open, or one to be made again. */
  const states = new Map<string, Carried | 'again'>();

  function call(request: Envelope, translated: Envelope): Promise<Outcome> {
    const one: Carried = {
      method: request.method ?? '',
      upstreamId: request.id ?? '',
      upstreamIdText: idText(request),
      progressToken: progressToken(request),
      carrier: null,
      unseen: [],
      asked: new Map(),
      answer: null,
      outcome: null,
      forget: null,
    };
    if (request.id === null) return up.send(translated);
    calls.set(one.upstreamId, one);
    const settled = carry(one, request);
    void up.send(translated).then((outcome) => {
      one.outcome = outcome;
      end(one);
    });
    return settled;
  }

  function carry(one: Carried, request: Envelope): Promise<Outcome> {
    one.forget?.();
    return new Promise((settle) => {
      one.carrier = { id: request.id ?? '', idText: idText(request), request, settle };
    });
  }

  /** Passes on what there is for the client, when it waits. */
  function end(one: Carried): void {
    const { carrier, answer } = one;
    if (carrier === null) return;
    if (answer !== null) {
      one.answer = null;
      const response = withId(answer, carrier.idText);
      if (!askForUrls(one, carrier, response)) finish(response, one);
    }
    if (one.outcome === null) return;
    calls.delete(one.upstreamId);
    carrier.settle(one.outcome);
  }

  /** The client's answer to a call that needs addresses opened first is to make the call again. */
  function askForUrls(one: Carried, carrier: Carrier, response: Envelope): boolean {
    const error = recordOf(valueAt(response, response.errorAt));
    const { elicitations } = recordOf(error['data']);
    if (error['code'] !== URL_ELICITATION_REQUIRED || !Array.isArray(elicitations) || !INPUT_METHODS.has(one.method)) return false;
    const asked = elicitations.map((params: unknown) => ({ method: 'elicitation/create', params: { ...recordOf(params), mode: 'url' } }));
    const { capabilities } = factsOfMeta(carrier.request);
    if (asked.length === 0 || !asked.every(({ method, params }) => canBeAsked(capabilities, method, params))) return false;
    const texts = asked.map((input) => [keyOf(nextId(memory)), withoutElicitationId(JSON.stringify(input))] as const);
    const state = nextId(memory);
    states.set(keyOf(state), 'again');
    deliver(inputRequired(carrier, Object.fromEntries(texts), state), carrier.id);
    return true;
  }

  function show(one: Carried): void {
    const { carrier } = one;
    if (carrier === null || one.unseen.length === 0) return;
    one.asked = new Map(one.unseen.map((request) => [keyOf(nextId(memory)), request]));
    one.unseen = [];
    const inputs = [...one.asked].map(([key, request]) => [key, withoutElicitationId(inputText(request))]);
    const state = nextId(memory);
    states.set(keyOf(state), one);
    deliver(inputRequired(carrier, Object.fromEntries(inputs), state), carrier.id);
    one.carrier = null;
    one.forget = after(LEFT_ALONE_MS, () => {
      states.delete(keyOf(state));
      if (one.outcome === null) void cancel(one, undefined);
      else calls.delete(one.upstreamId);
    });
    carrier.settle(DONE);
  }

  function resume(request: Envelope, state: unknown): Promise<Outcome> | null {
    const found = typeof state === 'string' ? states.get(state) : undefined;
    if (found === undefined) return null;
    states.delete(String(state));
    if (found === 'again') return call(request, withParams(withMeta(request, WITHOUT_META), { inputResponses: null, requestState: null }));
    const settled = carry(found, request);
    for (const [key, asked] of found.asked) {
      const given = textAt(request, memberAt(request.bytes, request.paramsAt, 'inputResponses', key));
      if (given === null) found.unseen.push(asked);
      else void up.send(resultReply(idText(asked), given));
    }
    found.asked.clear();
    if (found.answer !== null || found.outcome !== null) end(found);
    else show(found);
    return settled;
  }

  function ask(request: Envelope, of: string | null): void {
    const one = callFor(request.method, of);
    const answerUp = (error: Envelope) => void up.send(error);
    if (one === null) {
      const remedies = ['Use a client that speaks 2025-11-25 or older, or have one call at a time open.'];
      return answerUp(
        refusal(idText(request), 'The client speaks 2026-07-28: it can be asked during one of its calls only.', 'no', remedies),
      );
    }
    const { capabilities } = factsOfMeta(one.carrier?.request ?? request);
    if (one.carrier !== null && !canBeAsked(capabilities, request.method ?? '', valueAt(request, request.paramsAt))) {
      return answerUp(errorReply(idText(request), { code: RPC_CODES.methodNotFound, message: 'The client does not offer this.' }));
    }
    one.unseen.push(request);
    show(one);
  }

  /** The call during which the server asks: the one on whose stream it does, or the only one there is. */
  function callFor(method: string | null, of: string | null): Carried | null {
    const able = [...calls.values()].filter((one) => INPUT_METHODS.has(one.method) && one.answer === null);
    if (of !== null) return able.find(({ upstreamId }) => upstreamId === of) ?? null;
    const tools = able.filter((one) => one.method === 'tools/call');
    // Tools ask, prompts and resources hardly ever do; roots are the same whichever call carries the question.
    const likely = tools.length === 1 || method === 'roots/list' ? tools : able;
    return likely.length === 1 || method === 'roots/list' ? (likely[0] ?? able[0] ?? null) : null;
  }

  function find(id: string): Carried | null {
    return [...calls.values()].find((one) => one.carrier?.id === id || (one.carrier === null && one.upstreamId === id)) ?? null;
  }

  function cancel(one: Carried, reason: unknown): Promise<Outcome> {
    const why = typeof reason === 'string' ? `,"reason":${JSON.stringify(reason)}` : '';
    one.forget?.();
    calls.delete(one.upstreamId);
    return up.send(notificationOf('notifications/cancelled', `{"requestId":${one.upstreamIdText}${why}}`));
  }

  /** The server takes a question back: its answer is no longer wanted. */
  function takeBack(id: string): void {
    for (const one of calls.values()) {
      one.unseen = one.unseen.filter((request) => request.id !== id);
      for (const [key, request] of one.asked) if (request.id === id) one.asked.delete(key);
    }
  }

  function progress(message: Envelope, of: string | null): void {
    const token = textAt(message, memberAt(message.bytes, message.paramsAt, 'progressToken'));
    const one = [...calls.values()].find(({ progressToken: own, upstreamId }) => (token === null ? upstreamId === of : own === token));
    const wanted = one?.carrier === null || one === undefined ? null : progressToken(one.carrier.request);
    if (wanted === null) return;
    deliver(token === wanted ? message : withParams(message, { progressToken: wanted }), one?.carrier?.id ?? null);
  }

  /** A modern client gets logs for requests that asked for them, and for no others. */
  function log(message: Envelope, of: string | null): void {
    const wanting = [...calls.values()].filter(
      ({ carrier, upstreamId }) =>
        (of === null || upstreamId === of) && carrier !== null && metaValue(carrier.request, META.logLevel) !== undefined,
    );
    if (wanting[0] !== undefined) deliver(message, wanting[0].carrier?.id ?? null);
  }

  function receive(message: Envelope, of: string | null): boolean {
    const one = message.kind === 'response' ? calls.get(message.id ?? '') : undefined;
    if (one !== undefined) {
      one.answer = message;
      end(one);
      return true;
    }
    switch (message.method ?? '') {
      case 'notifications/progress':
        progress(message, of);
        return true;
      case 'notifications/message':
        log(message, of);
        return true;
      case 'notifications/cancelled':
        takeBack(idOf(cancelledId(message)) ?? '');
        return true;
      // A modern client learns that by its retry.
      case 'notifications/elicitation/complete':
        return true;
    }
    return false;
  }

  function lost(why: LinkFailure): void {
    for (const one of calls.values()) {
      one.forget?.();
      one.outcome ??= { kind: 'unknown', why };
      end(one);
    }
    states.clear();
  }

  const carrierOf = (upstreamId: string) => calls.get(upstreamId)?.carrier?.id ?? upstreamId;

  return { call, resume, receive, ask, find, carrierOf, cancel, lost };
}

function inputRequired({ idText: id }: Carrier, inputs: Readonly<Record<string, string>>, state: string): Envelope {
  const requests = changedObject(Buffer.from('{}'), null, inputs).toString();
  return resultReply(id, `{"resultType":"input_required","inputRequests":${requests},"requestState":${state}}`);
}

/** What the server asks, with its params as they came. */
function inputText(request: Envelope): string {
  const params = textAt(request, request.paramsAt);
  return `{"method":${JSON.stringify(request.method)}${params === null ? '' : `,"params":${params}`}}`;
}

/** 2026-07-28 knows no ids of elicitations. */
function withoutElicitationId(input: string): string {
  const bytes = Buffer.from(input);
  const paramsAt = memberAt(bytes, { start: 0, end: bytes.length }, 'params');
  if (memberAt(bytes, paramsAt, 'elicitationId') === null) return input;
  const params = changedObject(bytes, paramsAt, { elicitationId: null });
  return changedObject(bytes, { start: 0, end: bytes.length }, { params }).toString();
}

function progressToken(request: Envelope): string | null {
  return textAt(request, memberAt(request.bytes, request.paramsAt, '_meta', 'progressToken'));
}

/** The text of an id of ours without its quotes. */
function keyOf(id: string): string {
  return JSON.parse(id) as string;
}
