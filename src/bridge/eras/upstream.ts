/** The server's side of a translation: the link that is open now, and requests of our own on it. */
import { type Envelope, valueAt } from '../../wire/envelope.ts';
import { isRecord } from '../../wire/json-rpc.ts';
import type { Link, LinkFailure, Outcome } from '../links/link.ts';

/** What came of a request whose answer is not for the client. */
export type Answer =
  | { readonly kind: 'result'; readonly message: Envelope; readonly result: unknown }
  | { readonly kind: 'error'; readonly message: Envelope; readonly code: number; readonly data: unknown }
  /** The answer went to the client after all. */
  | { readonly kind: 'passed'; readonly outcome: Outcome }
  /** No answer came. */
  | { readonly kind: 'failed'; readonly outcome: Outcome };

export interface Upstream {
  send(message: Envelope): Promise<Outcome>;
  abandon(id: string): void;
  /** Sends a request and takes its answer; `isForClient` sees the answer as it arrives and may leave it to the client. */
  ask(request: Envelope, isForClient?: (answer: Envelope) => boolean): Promise<Answer>;
  /** Takes a message that answers one of our requests. */
  take(message: Envelope): boolean;
}

const NO_ANSWER: LinkFailure = {
  kind: 'not-mcp',
  code: null,
  status: null,
  detail: 'the server gave no answer',
  retryAfterMs: null,
  lastLines: [],
};

/** An upstream on whichever link `link` returns. */
export function createUpstream(link: () => Link): Upstream {
  const asked = new Map<string, (answer: Envelope) => boolean>();

  async function ask(request: Envelope, isForClient: (answer: Envelope) => boolean = () => false): Promise<Answer> {
    const id = request.id ?? '';
    const came: { answer: Envelope | null; isPassed: boolean } = { answer: null, isPassed: false };
    asked.set(id, (answer) => {
      asked.delete(id);
      came.answer = answer;
      came.isPassed = isForClient(answer);
      return !came.isPassed;
    });
    const outcome = await link().send(request);
    asked.delete(id);
    if (came.isPassed) return { kind: 'passed', outcome };
    if (came.answer !== null) return answerOf(came.answer);
    return { kind: 'failed', outcome: outcome.kind === 'done' ? { kind: 'unknown', why: NO_ANSWER } : outcome };
  }

  return {
    send: (message) => link().send(message),
    abandon: (id) => link().abandon(id),
    ask,
    take: (message) => message.kind === 'response' && message.id !== null && (asked.get(message.id)?.(message) ?? false),
  };
}

function answerOf(message: Envelope): Answer {
  if (message.errorAt === null) return { kind: 'result', message, result: valueAt(message, message.resultAt) };
  const error = valueAt(message, message.errorAt);
  const code = isRecord(error) && typeof error['code'] === 'number' ? error['code'] : 0;
  return { kind: 'error', message, code, data: isRecord(error) ? error['data'] : undefined };
}
