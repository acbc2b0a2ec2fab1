/** `/ready`: a client's own way through us, from the handshake to `tools/list`. */
import { LEGACY_REVISIONS } from '../../facts/revisions.ts';
import { VERSION } from '../../model/version.gen.ts';
import { now, within } from '../../system/clock.ts';
import { type Envelope, memberAt, messageOf, valueAt } from '../../wire/envelope.ts';
import { isRecord } from '../../wire/json-rpc.ts';
import type { LinkFailure } from '../links/link.ts';
import type { OpenUpstream, Upstream } from './upstream.ts';

export interface Readiness {
  readonly ready: boolean;
  readonly tools: number | null;
  /** Why not, or null. */
  readonly cause: string | null;
  readonly summary: string | null;
  readonly ms: number;
}

/** How long an answer stays true; who polls more often costs us nothing. */
const FRESH_MS = 1_000;
/** A child started for the question alone may cost at most a tenth of the time. */
const COST_FACTOR = 10;

export interface ReadinessOptions {
  readonly open: OpenUpstream;
  readonly limitMs: number;
  /** Whether each question starts a process. */
  readonly startsChild: boolean;
}

/** Asks at most one question at a time, and none as long as the last answer is fresh. */
export function createReadiness({ open, limitMs, startsChild }: ReadinessOptions): () => Promise<Readiness> {
  let asking: Promise<Readiness> | null = null;
  let last: { readonly answer: Readiness; readonly until: number } | null = null;

  async function ask(): Promise<Readiness> {
    const started = now();
    const answer = await probe(open, limitMs);
    const fresh = answer.ready && startsChild ? Math.max(FRESH_MS, COST_FACTOR * answer.ms) : FRESH_MS;
    last = { answer, until: started + answer.ms + fresh };
    asking = null;
    return answer;
  }

  return () => (last !== null && now() < last.until ? Promise.resolve(last.answer) : (asking ??= ask()));
}

async function probe(open: OpenUpstream, limitMs: number): Promise<Readiness> {
  const started = now();
  const answers = new Map<string, (answer: Envelope | LinkFailure | null) => void>();
  let lost: LinkFailure | null = null;
  const upstream: Upstream = open({
    onMessage(message) {
      if (message.kind === 'response' && message.id !== null) answers.get(message.id)?.(message);
      if (message.kind === 'request') upstream.send(messageOf({ jsonrpc: '2.0', id: valueAt(message, message.idAt), error: NOT_OURS }));
    },
    onLost(why) {
      lost = why;
      for (const settle of answers.values()) settle(why);
    },
  });

  function request(id: string, method: string, params: object): Promise<Envelope | LinkFailure | null> {
    const answer = new Promise<Envelope | LinkFailure | null>((resolve) => answers.set(JSON.stringify(id), resolve));
    if (lost !== null) return Promise.resolve(lost);
    upstream.send(messageOf({ jsonrpc: '2.0', id, method, params }));
    return within(answer, Math.max(0, limitMs - (now() - started)), null);
  }

  const verdict = (cause: string, summary: string): Readiness => ({
    ready: false,
    tools: null,
    cause,
    summary,
    ms: Math.round(now() - started),
  });

  function fault(answer: Envelope | LinkFailure | null, what: string): Readiness | null {
    if (answer === null) return verdict('timeout-hang', `The command has not answered ${what} within ${limitMs} ms.`);
    if (!('bytes' in answer)) return verdict('crash-on-boot', `The command does not stay: ${answer.detail}.`);
    if (answer.errorAt === null) return null;
    const ours = valueAt(answer, memberAt(answer.bytes, memberAt(answer.bytes, answer.errorAt, 'data'), 'mcpreach'));
    const message = valueAt(answer, memberAt(answer.bytes, answer.errorAt, 'message'));
    const cause = isRecord(ours) && typeof ours['cause'] === 'string' ? ours['cause'] : 'mcp-error';
    return verdict(cause, typeof message === 'string' ? message : `The command answers ${what} by an error.`);
  }

  try {
    const opened = await request('mcpreach-1', 'initialize', {
      protocolVersion: LEGACY_REVISIONS[0],
      // A shared child keeps what it is told first; clients that can less are refused in its stead.
      capabilities: { roots: { listChanged: true }, sampling: {}, elicitation: {} },
      clientInfo: { name: 'mcpreach', version: VERSION },
    });
    const refused = fault(opened, 'initialize');
    if (refused !== null) return refused;
    upstream.send(messageOf({ jsonrpc: '2.0', method: 'notifications/initialized' }));
    const listed = await request('mcpreach-2', 'tools/list', {});
    // A server without tools is ready as well: it says that it does not know the method.
    const isToolless = listed !== null && 'bytes' in listed && valueAt(listed, memberAt(listed.bytes, listed.errorAt, 'code')) === -32601;
    const failed = isToolless ? null : fault(listed, 'tools/list');
    if (failed !== null) return failed;
    const result = listed !== null && 'bytes' in listed ? valueAt(listed, listed.resultAt) : null;
    const tools = isRecord(result) && Array.isArray(result['tools']) ? result['tools'].length : 0;
    return { ready: true, tools, cause: null, summary: null, ms: Math.round(now() - started) };
  } finally {
    void upstream.close();
  }
}

const NOT_OURS = { code: -32601, message: 'Method not found' };
