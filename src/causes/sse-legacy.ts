import { defineCause, type MatchBase } from '../model/cause.ts';
import { answer, answered, attempt, evidence, ready, target, tcp, unfinished } from '../model/examples.ts';
import { exchangeWords } from '../model/exchange-words.ts';
import type { Remedy } from '../model/remedy.ts';
import { effective, failedWay, isReady, works } from '../model/view.ts';

interface Args extends MatchBase {
  readonly url: string;
  /** What was configured; null for an address without a type. */
  readonly configured: 'http' | 'sse' | null;
  readonly spoken: 'http' | 'sse';
  readonly facts: readonly string[];
}

const NAMES = { http: 'Streamable HTTP', sse: 'HTTP+SSE' } as const;

/** HTTP+SSE where Streamable HTTP is meant, or the reverse. */
export const cause = defineCause({
  id: 'sse-legacy',
  group: 'http',
  title: 'The other HTTP transport is spoken here',
  layer: 'http',
  severity: 'error',
  needs: [],
  hiddenBy: [],
  match(found): Args | undefined {
    const { target, otherTransport } = found;
    const handshake = effective(found);
    if (target.transport === null) {
      if (!works(found) || handshake?.transport !== 'sse') return undefined;
      const post = handshake.exchanges.find(({ request, meaning }) => request !== 'sse' && meaning !== 'result');
      return {
        certainty: 'proved',
        severity: 'warning',
        url: target.display,
        configured: null,
        spoken: 'sse',
        facts: post === undefined ? [] : [exchangeWords(post)],
      };
    }
    const way = failedWay(found);
    if (way === undefined || !isReady(otherTransport)) return undefined;
    const { transport } = otherTransport;
    return { certainty: 'proved', url: target.display, configured: target.transport, spoken: transport, facts: [exchangeWords(way.last)] };
  },
  explain({ url, configured, spoken, facts }) {
    const summary =
      configured === null
        ? `${url} speaks only the older HTTP+SSE transport, which new clients drop or must be told about.`
        : `${url} is configured as ${NAMES[configured]}, but it speaks ${NAMES[spoken]}.`;
    return { summary, evidence: [...facts, `the handshake succeeds over ${NAMES[spoken]}`] };
  },
  remedies({ configured, spoken }) {
    const type: Remedy = { kind: 'edit', title: `Set the transport's type to ${NAMES[spoken]}:`, field: 'type', value: spoken };
    const server: Remedy = {
      kind: 'tell',
      title: "Better: let the server offer Streamable HTTP (SDK: StreamableHTTPServerTransport, Python: transport='streamable-http').",
    };
    return configured === 'sse' ? [type] : [type, server];
  },
  about: `Until 2024-11-05 MCP over HTTP meant a GET event stream plus POSTs to an address that the stream names (HTTP+SSE). Since 2025-03-26 it is one URL that
takes POSTs (Streamable HTTP). A client that is told the wrong one gets 404, 405 or 400, or waits for an event that never comes.
mcpreach makes the handshake over the other transport at the same URL; that it succeeds is the proof.
By hand: \`curl -N -H 'Accept: text/event-stream' URL\`: a first event \`endpoint\` means HTTP+SSE.`,
  refs: [
    'https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#backwards-compatibility',
    'https://modelcontextprotocol.io/specification/2024-11-05/basic/transports#http-with-sse',
  ],
  examples() {
    const open = { tcp: tcp(attempt('127.0.0.1', 'open')) };
    const refused = answered('initialize', 'not-found', answer(404, { body: { kind: 'html', bytes: 140, excerpt: 'Cannot POST /sse' } }));
    const overSse = ready({ transport: 'sse' });
    const url = 'http://127.0.0.1:3000/sse';
    return {
      fires: [
        {
          title: 'an address without a type that only HTTP+SSE answers',
          evidence: evidence(target(url), { ...open, direct: { ...overSse, exchanges: [refused, ...overSse.exchanges] } }),
        },
        {
          title: 'configured as Streamable HTTP',
          evidence: evidence(target(url, { transport: 'http' }), { ...open, direct: unfinished([refused]), otherTransport: overSse }),
        },
        {
          title: 'configured as HTTP+SSE, the server speaks Streamable HTTP',
          evidence: evidence(target('http://127.0.0.1:3000/mcp', { transport: 'sse' }), {
            ...open,
            direct: unfinished([answered('sse', 'method-not-allowed', answer(405))], { transport: 'sse' }),
            otherTransport: ready(),
          }),
        },
      ],
      quiet: [
        { title: 'configured as what it is', evidence: evidence(target(url, { transport: 'sse' }), { ...open, direct: overSse }) },
        { title: 'Streamable HTTP', evidence: evidence(target(), { ...open, direct: ready() }) },
      ],
    };
  },
});
