/** What an HTTP answer, or the lack of one, says about a message: was it taken, was it refused unread, or may it have run? */
import type { ExchangeFailure } from '../../model/evidence.ts';
import { today } from '../../system/clock.ts';
import type { HttpResponse } from '../../system/http.ts';
import { type Envelope, idText, readEnvelope, valueAt, withId } from '../../wire/envelope.ts';
import { isRecord } from '../../wire/json-rpc.ts';
import type { LinkFailure, Outcome } from './link.ts';

const NONE = { code: null, status: null, retryAfterMs: null, lastLines: [] } as const;

export const CLOSED: LinkFailure = { ...NONE, kind: 'closed', detail: 'the connection was closed' };
export const BROKEN: LinkFailure = { ...NONE, kind: 'broken', detail: 'the connection broke' };
export const HTTP: LinkFailure = { ...NONE, kind: 'http', detail: 'the server refused' };

export function notSent(why: LinkFailure): Outcome {
  return { kind: 'not-sent', why };
}

export function unknown(why: LinkFailure): Outcome {
  return { kind: 'unknown', why };
}

/** The server has forgotten our session. */
export function sessionLost(url: URL, status: number): LinkFailure {
  return { ...NONE, kind: 'session-lost', status, detail: `${url.host} does not know this session any more (HTTP ${status})` };
}

/** What became of a request that got no answer, by the stage it had reached. */
export function failureOf({ stage, reason, code, status }: ExchangeFailure, url: URL): Outcome & { readonly why: LinkFailure } {
  const base = { ...NONE, code, status };
  switch (stage) {
    case 'connect':
      return {
        kind: 'not-sent',
        why: {
          ...base,
          kind: 'unreachable',
          detail: `${url.host} ${reason === 'refused' ? 'refused the connection' : `cannot be reached (${code ?? reason})`}`,
        },
      };
    case 'proxy':
      return {
        kind: 'not-sent',
        why: {
          ...base,
          kind: status === 407 ? 'unauthorized' : 'unreachable',
          detail: `the proxy does not lead to ${url.host} (${status ?? code ?? reason})`,
        },
      };
    case 'tls':
      // A server that goes in the middle of a handshake resets; only what is wrong with a certificate or protocol stays wrong.
      return reason === 'failed'
        ? { kind: 'not-sent', why: { ...base, kind: 'tls', detail: `TLS with ${url.host} failed (${code})` } }
        : { kind: 'not-sent', why: { ...base, kind: 'broken', detail: `${url.host} broke off the TLS handshake` } };
    case 'send':
      // Not all of the body was on its way, and half a JSON text runs nothing.
      return {
        kind: 'not-sent',
        why: { ...base, kind: reason === 'cancelled' ? 'closed' : 'broken', detail: `${url.host} closed the connection` },
      };
    default:
      if (reason === 'cancelled') return { kind: 'unknown', why: CLOSED };
      if (reason === 'not-http' || reason === 'too-large')
        return { kind: 'unknown', why: { ...base, kind: 'not-mcp', detail: `${url.host} does not speak HTTP (${code})` } };
      return { kind: 'unknown', why: { ...base, kind: 'broken', detail: `${url.host} broke the connection before the answer` } };
  }
}

export interface AnswerFacts {
  readonly message: Envelope;
  readonly response: HttpResponse;
  readonly body: Buffer;
  /** Whether the request went out under a session. */
  readonly hasSession: boolean;
  readonly url: URL;
}

export type Judged =
  | { readonly kind: 'messages'; readonly messages: readonly Envelope[] }
  | { readonly kind: 'outcome'; readonly outcome: Outcome };

/** Judges an answer that is no event stream. */
export function judgeAnswer(facts: AnswerFacts): Judged {
  const { message, response, body, url } = facts;
  const { status } = response;
  if (status >= 200 && status < 300 && message.kind !== 'request') return DONE;
  const parsed = readEnvelope(body);
  const answer = parsed.kind === 'response' ? asOurs(message, parsed) : null;
  if (status >= 200 && status < 300) {
    if (answer !== null) return { kind: 'messages', messages: [answer] };
    const parts = parsed.kind === 'batch' ? partsOf(parsed) : [];
    if (parts.length > 0) return { kind: 'messages', messages: parts };
    // Whatever took it and says nothing, or nothing that makes sense, may have run it.
    if (body.length === 0) return outcome(unknown({ ...BROKEN, status, detail: `${url.host} sent an empty answer (HTTP ${status})` }));
    return outcome(
      unknown({ ...NONE, kind: 'not-mcp', status, detail: `${url.host} answered with something that is not MCP (HTTP ${status})` }),
    );
  }
  if (isSessionLost(facts, answer)) return outcome(notSent(sessionLost(url, status)));
  if (answer !== null && message.kind === 'request' && !NOT_ANSWERS.has(status)) return { kind: 'messages', messages: [answer] };
  return outcome(refusalOf(response, url));
}

/** Statuses of gateways and guards: what comes with them is no answer to the request, even where it is a JSON-RPC error. */
const NOT_ANSWERS: ReadonlySet<number> = new Set([401, 403, 407, 421, 429, 502, 503, 504]);

/** What a status that is no success says about a message: which of them promise that it was not looked at? */
export function refusalOf(response: HttpResponse, url: URL): Outcome & { readonly kind: 'not-sent' | 'unknown' } {
  const { status } = response;
  const why: LinkFailure = { ...HTTP, status, detail: `${url.host} answered HTTP ${status}`, retryAfterMs: retryAfterOf(response) };
  if (status === 401 || status === 403 || status === 407 || status === 421)
    return { kind: 'not-sent', why: { ...why, kind: 'unauthorized' } };
  // Only a server that says when to come back has refused without looking (protocol of retries: RFC 9110, section 15.6.4).
  const isUnread = status < 500 || (status === 503 && why.retryAfterMs !== null);
  return { kind: isUnread ? 'not-sent' : 'unknown', why };
}

const DONE: Judged = { kind: 'outcome', outcome: { kind: 'done' } };

function outcome(of: Outcome): Judged {
  return { kind: 'outcome', outcome: of };
}

/** The answer under the id of its request: servers write `null` or an id of their own into errors, and HTTP says whose answer it is. */
function asOurs(request: Envelope, answer: Envelope): Envelope {
  if (request.idAt === null || answer.id === request.id) return answer;
  if (answer.idAt !== null) return withId(answer, idText(request));
  const { bytes } = answer;
  const open = bytes.indexOf('{') + 1;
  return readEnvelope(Buffer.concat([bytes.subarray(0, open), Buffer.from(`"id":${idText(request)},`), bytes.subarray(open)]));
}

/** 404 is what the specification says; some servers say 400 and mean it (official SDKs' examples). */
function isSessionLost({ response: { status }, hasSession }: AnswerFacts, answer: Envelope | null): boolean {
  if (!hasSession) return false;
  if (status === 404) return true;
  const error = answer === null ? undefined : valueAt(answer, answer.errorAt);
  return status === 400 && isRecord(error) && typeof error['message'] === 'string' && /session|not initialized/i.test(error['message']);
}

/** Seconds or a date (RFC 9110, section 10.2.3), in milliseconds. */
function retryAfterOf({ headers }: HttpResponse): number | null {
  const value = headers['retry-after'];
  if (value === undefined) return null;
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - today().getTime();
  return Number.isFinite(ms) ? Math.min(Math.max(0, ms), LONGEST_RETRY_MS) : null;
}

/** A server that wants to be left alone for longer is asked again all the same, in milliseconds: somebody waits. */
const LONGEST_RETRY_MS = 60_000;

function partsOf({ bytes }: Envelope): readonly Envelope[] {
  const parts = JSON.parse(bytes.toString('utf8')) as unknown[];
  return parts.map((part) => readEnvelope(Buffer.from(JSON.stringify(part))));
}
