import { defineCause, type MatchBase } from '../model/cause.ts';
import { answer, answered, attempt, evidence, ready, target, tcp, toolsFailed, unfinished } from '../model/examples.ts';
import { exchangeWords, readyWords, seconds } from '../model/exchange-words.ts';
import { failedWay } from '../model/view.ts';

interface Args extends MatchBase {
  readonly at: string;
  /** As the server put it: seconds or a date; null when it did not say. */
  readonly retryAfter: string | null;
  readonly facts: readonly string[];
}

/** The server throttles. */
export const cause = defineCause({
  id: 'rate-limited',
  group: 'http',
  title: 'The server limits the number of requests',
  layer: 'http',
  severity: 'error',
  needs: [],
  hiddenBy: ['proxy-intercepts'],
  match(found): Args | undefined {
    const way = failedWay(found);
    if (way === undefined || way.last.meaning !== 'throttled' || way.last.answer === null) return undefined;
    return {
      certainty: 'proved',
      layer: way.layer,
      at: way.last.url,
      retryAfter: way.last.answer.headers['retry-after'] ?? null,
      facts: [...readyWords(way.handshake), exchangeWords(way.last)],
    };
  },
  explain({ at, retryAfter, facts }) {
    const when = whenWords(retryAfter);
    return {
      summary: `${at} is throttling requests (HTTP 429)${when === null ? '' : `; it asks to wait ${when}`}.`,
      evidence: [...facts, ...(retryAfter === null ? ['no Retry-After header'] : [`Retry-After: ${retryAfter}`])],
    };
  },
  remedies({ retryAfter }) {
    const when = whenWords(retryAfter);
    return [
      { kind: 'tell', title: when === null ? 'Wait a few minutes, then try again.' : `Wait ${when}, then try again.` },
      {
        kind: 'tell',
        title:
          'If it comes back: look for clients that share the account or address, for health checks that poll the endpoint, and for the limits of the plan.',
      },
    ];
  },
  about: `429 means that too many requests came from this client, account or address; the server itself is fine. \`Retry-After\` says how long to wait, in seconds or as a date.
Health checks that open MCP sessions every few seconds are a usual source.
mcpreach sends one or two requests and does not retry.
By hand: \`curl -i -X POST URL\` and look at status and \`Retry-After\`.`,
  refs: ['https://www.rfc-editor.org/rfc/rfc6585#section-4', 'https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3'],
  examples() {
    const open = { tcp: tcp(attempt('127.0.0.1', 'open')) };
    const throttled = (headers: Record<string, string>) => answered('server/discover', 'throttled', answer(429, { headers }));
    return {
      fires: [
        {
          title: 'for thirty seconds',
          evidence: evidence(target(), { ...open, direct: unfinished([throttled({ 'retry-after': '30' })]) }),
        },
        { title: 'it does not say for how long', evidence: evidence(target(), { ...open, direct: unfinished([throttled({})]) }) },
        {
          title: 'until a date',
          evidence: evidence(target(), { ...open, direct: unfinished([throttled({ 'retry-after': 'Fri, 20 Nov 2026 14:00:00 GMT' })]) }),
        },
        {
          title: 'only the tools',
          evidence: evidence(target(), { ...open, direct: toolsFailed(answered('tools/list', 'throttled', answer(429))) }),
        },
      ],
      quiet: [{ title: 'it answers', evidence: evidence(target(), { ...open, direct: ready() }) }],
    };
  },
});

function whenWords(retryAfter: string | null): string | null {
  if (retryAfter === null) return null;
  return /^\d+$/.test(retryAfter) ? seconds(Number(retryAfter) * 1000) : `until ${retryAfter}`;
}
