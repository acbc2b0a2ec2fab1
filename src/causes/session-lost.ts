import { defineCause, type MatchBase } from '../model/cause.ts';
import { answered, attempt, evidence, ready, rpcError, target, tcp, toolsFailed, unfinished } from '../model/examples.ts';
import { exchangeWords, readyWords } from '../model/exchange-words.ts';
import { reverseProxyOf } from '../model/reverse-proxies.ts';
import { failedWay } from '../model/view.ts';

interface Args extends MatchBase {
  readonly request: string;
  readonly status: number;
  readonly proxy: string | null;
  readonly facts: readonly string[];
}

/** The server forgets a session that it handed out a moment ago. */
export const cause = defineCause({
  id: 'session-lost',
  group: 'http',
  title: 'The server loses the session',
  layer: 'mcp',
  severity: 'error',
  needs: [],
  hiddenBy: ['proxy-intercepts'],
  match(found): Args | undefined {
    const way = failedWay(found);
    if (way?.layer !== 'tools' || way.last.answer === null) return undefined;
    const { last, handshake } = way;
    const lost = last.meaning === 'session-unknown' || last.meaning === 'session-required' || last.meaning === 'not-found';
    if (!lost) return undefined;
    return {
      // A 404 without a reason means the same (basic/transports, session management), but may also be a route that is missing.
      certainty: last.meaning === 'not-found' ? 'likely' : 'proved',
      layer: 'tools',
      request: last.request,
      status: way.last.answer.status,
      proxy: reverseProxyOf(way.last.answer.headers),
      facts: [...readyWords(handshake), exchangeWords(last)],
    };
  },
  explain({ request, status, proxy, facts }) {
    return {
      summary: `The server answers initialize, and the next request (${request}) is told that its session does not exist (HTTP ${status}).`,
      evidence: [...facts, ...(proxy === null ? [] : [`the answers come through ${proxy}`])],
    };
  },
  remedies() {
    return [
      {
        kind: 'tell',
        title:
          'If several copies of the server run (cluster, replicas, workers): send all requests with one Mcp-Session-Id to the same copy, keep sessions in a shared store, or run one copy.',
      },
      {
        kind: 'tell',
        title: 'Or serve without sessions (TypeScript SDK: the transport without a sessionIdGenerator; Python SDK: stateless_http=True).',
      },
      {
        kind: 'tell',
        title: 'If there is one copy: keep each transport in a map by its session id; a new one per request forgets every session.',
      },
    ];
  },
  about: `A server with sessions hands out an \`Mcp-Session-Id\` when it answers \`initialize\` and must know it afterwards. When the next request reaches another
process (a load balancer, \`pm2\` cluster mode, several uvicorn workers), or the server keeps no map of its sessions, it answers 404 or 400.
mcpreach uses the fresh session at once, within milliseconds, so it cannot have expired.
By hand: run the two requests with \`curl -i\` and pass the \`mcp-session-id\` of the first answer.`,
  refs: [
    'https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#session-management',
    'https://github.com/modelcontextprotocol/typescript-sdk/issues/1708',
  ],
  examples() {
    const open = { tcp: tcp(attempt('127.0.0.1', 'open')) };
    const unknown = rpcError(404, { code: -32001, message: 'Session not found' });
    return {
      fires: [
        {
          title: 'tools/list is told that the session does not exist',
          evidence: evidence(target(), { ...open, direct: toolsFailed(answered('tools/list', 'session-unknown', unknown)) }),
        },
        {
          title: 'already the notification is',
          evidence: evidence(target(), {
            ...open,
            direct: toolsFailed(
              answered('notifications/initialized', 'session-required', rpcError(400, { code: -32000, message: 'Server not initialized' })),
            ),
          }),
        },
      ],
      quiet: [
        { title: 'it knows its sessions', evidence: evidence(target(), { ...open, direct: ready() }) },
        {
          title: 'initialize itself is refused',
          evidence: evidence(target(), {
            ...open,
            direct: unfinished([answered('initialize', 'session-required', rpcError(400, { code: -32000, message: 'No session' }))]),
          }),
        },
      ],
    };
  },
});
