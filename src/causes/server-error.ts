import { defineCause, type MatchBase } from '../model/cause.ts';
import { answer, answered, attempt, evidence, ready, rpcError, target, tcp, toolsFailed, unfinished } from '../model/examples.ts';
import { exchangeWords, readyWords } from '../model/exchange-words.ts';
import { blamesUpstream, madeByForwardProxy } from '../model/reverse-proxies.ts';
import { failedWay, holderProcess } from '../model/view.ts';

interface Args extends MatchBase {
  readonly at: string;
  readonly status: number;
  readonly request: string;
  readonly retryAfter: string | null;
  readonly pid: number | null;
  readonly facts: readonly string[];
}

/** The server itself fails while it answers. */
export const cause = defineCause({
  id: 'server-error',
  group: 'http',
  title: 'The server fails with an error of its own',
  layer: 'http',
  severity: 'error',
  needs: [],
  hiddenBy: ['proxy-intercepts', 'wrong-path', 'sse-legacy', 'ipv6-localhost', 'backend-unreachable'],
  match(found): Args | undefined {
    const way = failedWay(found);
    if (way === undefined || way.last.answer === null || madeByForwardProxy(found, way.last)) return undefined;
    const { status, headers } = way.last.answer;
    if (status < 500 || blamesUpstream(way.last.answer)) return undefined;
    return {
      certainty: 'proved',
      layer: way.layer,
      at: way.last.url,
      status,
      request: way.last.request,
      retryAfter: headers['retry-after'] ?? null,
      pid: holderProcess(found)?.pid ?? null,
      facts: [...readyWords(way.handshake), exchangeWords(way.last)],
    };
  },
  explain({ at, status, request, retryAfter, facts }) {
    const busy = status === 503 ? 'says that it is not ready or overloaded' : 'fails with an error of its own';
    return {
      summary: `${at} ${busy}: it answers ${request === 'sse' ? 'the event stream' : request} with HTTP ${status}.`,
      evidence: [...facts, ...(retryAfter === null ? [] : [`Retry-After: ${retryAfter}`])],
    };
  },
  remedies({ status, retryAfter, pid }) {
    const log = {
      kind: 'tell' as const,
      title: `Read the server's own log at this moment${pid === null ? '' : ` (process ${pid})`}: the error and its stack trace are there.`,
    };
    if (status === 503)
      return [
        {
          kind: 'tell',
          title:
            retryAfter === null
              ? 'Wait until it has started, then try again.'
              : `Wait as it asks (Retry-After: ${retryAfter}), then try again.`,
        },
        log,
      ];
    return [
      log,
      {
        kind: 'tell',
        title:
          'Typical: a variable or file that the server needs is missing, or a body parser read the request before the MCP transport did.',
      },
    ];
  },
  about: `A status of 500 and above means that the server took the request and broke down over it; client and network are fine. 502 and 504, and 503 signed by a
proxy, are \`upstream-down\` instead: there the server behind the proxy did not answer.
mcpreach shows the status and the beginning of the body. Only the server's log tells more.
By hand: \`curl -i -X POST -H 'Content-Type: application/json' -d '{}' URL\`.`,
  refs: ['https://www.rfc-editor.org/rfc/rfc9110#section-15.6'],
  examples() {
    const open = { tcp: tcp(attempt('127.0.0.1', 'open')) };
    const crash = (request: 'initialize' | 'tools/list') =>
      answered(request, 'server-error', answer(500, { body: { kind: 'json', bytes: 33, excerpt: '{"error":"Internal Server Error"}' } }));
    const busy = answered('initialize', 'server-error', rpcError(503, { code: -32000, message: 'Still loading' }));
    const bare = answered(
      'initialize',
      'gateway-error',
      answer(503, { headers: { 'retry-after': '5' }, body: { kind: 'text', bytes: 9, excerpt: 'not ready' } }),
    );
    const gateway = answered('initialize', 'gateway-error', answer(503, { headers: { server: 'nginx' } }));
    return {
      fires: [
        { title: '500', evidence: evidence(target(), { ...open, direct: unfinished([crash('initialize')]) }) },
        { title: '503 in JSON-RPC', evidence: evidence(target(), { ...open, direct: unfinished([busy]) }) },
        { title: '503 that no proxy signed', evidence: evidence(target(), { ...open, direct: unfinished([bare]) }) },
        { title: 'only the tools', evidence: evidence(target(), { ...open, direct: toolsFailed(crash('tools/list')) }) },
      ],
      quiet: [
        { title: 'it answers', evidence: evidence(target(), { ...open, direct: ready() }) },
        { title: '503 of a proxy', evidence: evidence(target(), { ...open, direct: unfinished([gateway]) }) },
      ],
    };
  },
});
