import { defineCause, type MatchBase } from '../model/cause.ts';
import type { AnswerMeaning } from '../model/evidence.ts';
import { answer, answered, attempt, evidence, ready, rpcError, target, tcp, toolsFailed, unfinished } from '../model/examples.ts';
import { exchangeWords, oneLine, readyWords } from '../model/exchange-words.ts';
import type { Remedy } from '../model/remedy.ts';
import { failedWay, isReady } from '../model/view.ts';

interface Args extends MatchBase {
  readonly request: string;
  /** The JSON-RPC error; null when the answer is none and no good one either. */
  readonly error: { readonly code: number; readonly message: string } | null;
  readonly status: number;
  readonly facts: readonly string[];
}

/** Errors that have no more special cause. */
const PLAIN_ERRORS: ReadonlySet<AnswerMeaning> = new Set([
  'rpc-error',
  'method-unknown',
  'modern-request-fault',
  'session-required',
  'session-unknown',
]);

/** After a good handshake the server is MCP beyond doubt: whatever else its answer is, it is its own error. */
const MALFORMED: ReadonlySet<AnswerMeaning> = new Set(['result', 'unusable', 'bad-request', 'method-not-allowed', 'forbidden']);

/** The handshake, or the list of tools, is answered by a JSON-RPC error. */
export const cause = defineCause({
  id: 'mcp-error',
  group: 'http',
  title: 'The server answers with an MCP error',
  layer: 'mcp',
  severity: 'error',
  needs: [],
  hiddenBy: ['backend-unreachable', 'sse-legacy', 'wrong-path', 'session-lost', 'auth-required', 'auth-rejected', 'origin-host-rejected'],
  match(found): Args | undefined {
    const way = failedWay(found);
    if (way === undefined || way.last.answer === null || isReady(found.otherTransport)) return undefined;
    const { last, layer } = way;
    const { rpc, status } = way.last.answer;
    const meaning = last.meaning ?? 'result';
    const fires =
      (rpc?.error && (PLAIN_ERRORS.has(meaning) || (layer === 'tools' && meaning === 'bad-request'))) ||
      (layer === 'tools' && MALFORMED.has(meaning));
    if (!fires) return undefined;
    return {
      certainty: 'proved',
      layer: layer === 'tools' ? 'tools' : 'mcp',
      request: last.request,
      error: rpc?.error ?? null,
      status,
      facts: [...readyWords(way.handshake), exchangeWords(last)],
    };
  },
  explain({ request, error, status, facts }) {
    const summary =
      error === null
        ? `The server answers ${request} with HTTP ${status} and no usable result.`
        : `The server answers ${request} with error ${error.code}: ${oneLine(error.message) || 'without a message'}${/[.!?]$/.test(error.message) ? '' : '.'}`;
    return { summary: summary.replace(/[!?]$/, '.'), evidence: facts };
  },
  remedies({ error, request }) {
    const log: Remedy = { kind: 'tell', title: "Read the server's log at this moment: it knows the reason for its own error." };
    if (error !== null && /already initialized/i.test(error.message)) {
      return [
        {
          kind: 'tell',
          title:
            'The server keeps one transport for all clients, and one is connected already: let it create a transport for each initialize (or run without sessions).',
        },
        { kind: 'tell', title: 'Until then: end the other client, restart the server, and connect again.' },
      ];
    }
    if (error?.code === -32601)
      return [
        {
          kind: 'tell',
          title: `The server does not know ${request}: check that this address is an MCP server and not another JSON-RPC service, and update it.`,
        },
        log,
      ];
    return [log];
  },
  about: `The connection, HTTP and JSON-RPC are fine; the server itself refuses the handshake or cannot list its tools, and says so with a code and a message.
Codes below -32000 are those of JSON-RPC (-32601 unknown method, -32602 bad parameters, -32603 internal error), -32000 is the server's own.
A server that was built around a single transport answers every client but the first with "Server already initialized".
mcpreach shows the request that was refused, with the code and the message of the answer.
By hand: \`curl -X POST -H 'Content-Type: application/json' -H 'Accept: application/json, text/event-stream' -d '{…initialize…}' URL\`.`,
  refs: [
    'https://www.jsonrpc.org/specification#error_object',
    'https://modelcontextprotocol.io/specification/2025-11-25/basic/lifecycle#error-handling',
  ],
  examples() {
    const open = { tcp: tcp(attempt('127.0.0.1', 'open')) };
    const inner = rpcError(200, { code: -32603, message: 'Internal error: config.yaml is missing' });
    const single = rpcError(400, { code: -32600, message: 'Invalid Request: Server already initialized' });
    return {
      fires: [
        {
          title: 'initialize fails',
          evidence: evidence(target(), { ...open, direct: unfinished([answered('initialize', 'rpc-error', inner)]) }),
        },
        {
          title: 'one transport for all clients',
          evidence: evidence(target(), { ...open, direct: unfinished([answered('initialize', 'rpc-error', single)]) }),
        },
        {
          title: 'another JSON-RPC service',
          evidence: evidence(target(), {
            ...open,
            direct: unfinished([answered('initialize', 'method-unknown', rpcError(200, { code: -32601, message: 'Method not found' }))]),
          }),
        },
        {
          title: 'the modern request is refused',
          evidence: evidence(target(), {
            ...open,
            direct: unfinished([
              answered('server/discover', 'modern-request-fault', rpcError(400, { code: -32602, message: 'Invalid _meta' })),
            ]),
          }),
        },
        {
          title: 'only the tools fail',
          evidence: evidence(target(), { ...open, direct: toolsFailed(answered('tools/list', 'rpc-error', inner)) }),
        },
        {
          title: 'a tool list that is none',
          evidence: evidence(target(), {
            ...open,
            direct: toolsFailed(
              answered(
                'tools/list',
                'result',
                answer(200, { rpc: { hasResult: true, error: null }, body: { kind: 'json-rpc', bytes: 40 } }),
              ),
            ),
          }),
        },
      ],
      quiet: [
        { title: 'it answers', evidence: evidence(target(), { ...open, direct: ready() }) },
        {
          title: 'no common revision',
          evidence: evidence(target(), {
            ...open,
            direct: unfinished([
              answered('initialize', 'version-unsupported', rpcError(400, { code: -32602, message: 'Unsupported protocol version' })),
            ]),
          }),
        },
      ],
    };
  },
});
