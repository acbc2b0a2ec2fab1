/**
 * Calls of a legacy client which a modern server answers by asking back (basic/patterns/mrtr). Each thing asked becomes a
 * request to the client; with all answers the call is sent again under a new id, until a final answer comes.
 *
 *   sent --final answer--> answered
 *   sent --input_required--> asking --all answers--> sent (again)
 *   asking --cancelled, refused, link lost--> over
 */
import { type ByteRange, type Envelope, valueAt, withId } from '../../wire/envelope.ts';
import { isRecord } from '../../wire/json-rpc.ts';
import type { LinkFailure, Outcome } from '../links/link.ts';
import { changedObject, memberAt, membersAt, textAt, withParams } from './members.ts';
import { nextId } from './memory.ts';
import { type ClientFacts, canBeAsked } from './meta.ts';
import { notificationOf, refusal, requestOf } from './replies.ts';
import { type Between, DONE } from './translator.ts';

/** A server that never has enough is stopped here: no tool that we know asks more than three times. */
const MOST_ROUNDS = 32;

/** A call on its way. */
export interface Call {
  /** The client's id, in the form of {@link Envelope.id} and as JSON text. */
  readonly id: string;
  readonly idText: string;
  /** The call as it went to the server at first. */
  readonly request: Envelope;
  /** The id under which the server works on it now. */
  upstreamId: string;
  rounds: number;
  /** What becomes of the answers that asked something, by the ids of their requests. */
  readonly asks: Map<string, Promise<Outcome>>;
  /** While the client is asked. */
  isAsking: boolean;
  isCancelled: boolean;
  readonly open: Set<string>;
}

export interface Prompts {
  /** By the id under which the server works on them. */
  readonly calls: ReadonlyMap<string, Call>;
  call(request: Envelope, id: string, idText: string): Promise<Outcome>;
  /** A response of the server to a call. */
  receive(call: Call, message: Envelope): void;
  /** A response of the client; true when it answers something we asked. */
  answered(message: Envelope): boolean;
  /** Ends a call while the client is asked; false when the server works on it. */
  cancel(call: Call): boolean;
  lost(why: LinkFailure): void;
}

/** One thing a server asks: its key, and where its method and params are. */
interface Asked {
  readonly key: string;
  readonly method: string;
  readonly params: string;
}

/** The calls of one link; `finish` gives the client a final answer, still under the server's id. */
export function createPrompts(between: Between, client: ClientFacts, finish: (answer: Envelope, of: Call) => void): Prompts {
  const { up, deliver, memory } = between;
  const calls = new Map<string, Call>();
  const waiting = new Map<string, (answer: Envelope | null) => void>();
  let lostWhy: LinkFailure | null = null;

  async function follow(call: Call, request: Envelope): Promise<Outcome> {
    const id = call.upstreamId;
    calls.set(id, call);
    const outcome = await up.send(request);
    const asking = call.asks.get(id);
    if (asking !== undefined) return asking;
    calls.delete(id);
    return outcome;
  }

  function refuse(call: Call, message: string, remedies: readonly string[]): Outcome {
    calls.delete(call.upstreamId);
    deliver(refusal(call.idText, message, 'unknown', remedies), call.id);
    return DONE;
  }

  async function ask(call: Call, message: Envelope): Promise<Outcome> {
    call.rounds += 1;
    call.isAsking = true;
    const asked = askedIn(message);
    if (asked === null) return refuse(call, 'The server asks for something in a form that is not MCP.', []);
    if (call.rounds > MOST_ROUNDS) return refuse(call, `The server asked for more input ${MOST_ROUNDS} times.`, []);
    const unable = asked.find(({ method, params }) => !canBeAsked(client.capabilities, method, JSON.parse(params)));
    if (unable !== undefined) {
      return refuse(call, `The server needs ${unable.method}, which this client does not offer.`, [
        `Use a client that supports ${unable.method}, or call a tool that does not need it.`,
      ]);
    }
    const answers = await Promise.all(asked.map(async (one) => ({ one, answer: await prompt(call, one) })));
    if (lostWhy !== null) return { kind: 'unknown', why: lostWhy };
    if (call.isCancelled) return DONE;
    const failed = answers.find(({ one, answer }) => answer?.resultAt == null && one.method !== 'elicitation/create');
    if (failed !== undefined) return refuse(call, `The client answered ${failed.one.method} with an error.`, []);
    const inputs = Object.fromEntries(answers.map(({ one, answer }) => [one.key, inputOf(answer)]));
    return again(call, asked.length === 0 ? null : changedObject(Buffer.from('{}'), null, inputs), stateOf(message));
  }

  function prompt(call: Call, { method, params }: Asked): Promise<Envelope | null> {
    const id = nextId(memory);
    return new Promise((resolve) => {
      call.open.add(id);
      waiting.set(id, (answer) => {
        call.open.delete(id);
        waiting.delete(id);
        resolve(answer);
      });
      deliver(requestOf(id, method, method === 'elicitation/create' ? withElicitationId(params, id) : params), call.id);
    });
  }

  function again(call: Call, inputs: Buffer | null, state: string | null): Promise<Outcome> {
    calls.delete(call.upstreamId);
    call.upstreamId = nextId(memory);
    call.isAsking = false;
    const retry = withParams(withId(call.request, call.upstreamId), {
      ...(inputs === null ? {} : { inputResponses: inputs }),
      ...(state === null ? {} : { requestState: state }),
    });
    return follow(call, retry);
  }

  return {
    calls,
    call(request, id, clientId) {
      const call: Call = {
        id,
        idText: clientId,
        request,
        upstreamId: id,
        rounds: 0,
        asks: new Map(),
        isAsking: false,
        isCancelled: false,
        open: new Set(),
      };
      return follow(call, request);
    },
    receive(call, message) {
      const kind = valueAt(message, memberAt(message.bytes, message.resultAt, 'resultType'));
      if (kind === 'input_required') call.asks.set(call.upstreamId, ask(call, message));
      else {
        calls.delete(call.upstreamId);
        finish(message, call);
      }
    },
    answered(message) {
      const settle = waiting.get(message.id ?? '');
      settle?.(message);
      return settle !== undefined;
    },
    cancel(call) {
      if (!call.isAsking) return false;
      call.isCancelled = true;
      calls.delete(call.upstreamId);
      for (const id of call.open) {
        deliver(notificationOf('notifications/cancelled', `{"requestId":${id}}`), call.id);
        waiting.get(id)?.(null);
      }
      return true;
    },
    lost(why) {
      lostWhy = why;
      for (const settle of waiting.values()) settle(null);
    },
  };
}

/** What an `input_required` result asks, in its order; null when it is out of form. */
function askedIn(message: Envelope): readonly Asked[] | null {
  const { bytes, resultAt } = message;
  const requestsAt = memberAt(bytes, resultAt, 'inputRequests');
  if (requestsAt === null) return [];
  const asked = membersAt(bytes, requestsAt)?.map(({ key, value }) => askedAt(message, key, value)) ?? [null];
  return asked.every((one) => one !== null) ? asked : null;
}

function askedAt(message: Envelope, key: string, value: ByteRange): Asked | null {
  const method = valueAt(message, memberAt(message.bytes, value, 'method'));
  const paramsAt = memberAt(message.bytes, value, 'params');
  if (typeof method !== 'string' || (paramsAt !== null && !isRecord(valueAt(message, paramsAt)))) return null;
  return { key, method, params: textAt(message, paramsAt) ?? '{}' };
}

function stateOf(message: Envelope): string | null {
  return textAt(message, memberAt(message.bytes, message.resultAt, 'requestState'));
}

/** The client's result as it came. An elicitation that ended by an error got no choice of the user, as one that was closed. */
function inputOf(answer: Envelope | null): string {
  return (answer === null ? null : textAt(answer, answer.resultAt)) ?? '{"action":"cancel"}';
}

/** 2025-11-25 demands an id for elicitations by URL, which 2026-07-28 took away. */
function withElicitationId(params: string, id: string): string {
  const bytes = Buffer.from(params);
  const whole = { start: 0, end: bytes.length };
  const mode = memberAt(bytes, whole, 'mode');
  if (mode === null || bytes.toString('utf8', mode.start, mode.end) !== '"url"') return params;
  return changedObject(bytes, whole, { elicitationId: id }).toString();
}
