import { defineCause, type MatchBase } from '../model/cause.ts';
import type { Evidence, Handshake } from '../model/evidence.ts';
import { answer, answered, attempt, evidence, failed, ready, target, tcp, toolsFailed, unfinished } from '../model/examples.ts';
import { exchangeWords, readyWords } from '../model/exchange-words.ts';
import type { Remedy } from '../model/remedy.ts';
import { failedWay, heldAnswer, isReady, type SilentStream, silentStream } from '../model/view.ts';

interface Args extends MatchBase {
  readonly proxy: string;
  readonly at: string;
  /** What the proxy keeps: all of the answer, or what comes after its head. */
  readonly kind: 'stream' | 'events';
  readonly facts: readonly string[];
}

/** A proxy holds the event stream back. */
export const cause = defineCause({
  id: 'stream-buffered',
  group: 'http',
  title: 'A proxy holds the event stream back',
  layer: 'http',
  severity: 'error',
  needs: [],
  hiddenBy: ['sse-legacy'],
  match(found): Args | undefined {
    if (isReady(found.otherTransport) || found.paths?.found) return undefined;
    const silent = silentStream(found);
    return silent?.proxy != null ? heldStream(found, silent) : heldBack(found, heldAnswer(found));
  },
  explain({ proxy, at, kind, facts }) {
    const what = kind === 'events' ? 'passes on the head of the event stream and holds back its events' : 'holds the event stream back';
    return {
      summary: `${proxy.startsWith('a ') ? 'A proxy' : proxy} in front of ${at} ${what}: nothing arrives.`,
      evidence: [...facts, `the answers are signed by ${proxy}`],
    };
  },
  remedies({ proxy }) {
    const lines: Readonly<Record<string, string>> = {
      nginx:
        "In nginx's location for this path: proxy_buffering off; proxy_http_version 1.1; proxy_set_header Connection ''; proxy_read_timeout 1h;",
      openresty:
        "In the location for this path: proxy_buffering off; proxy_http_version 1.1; proxy_set_header Connection ''; proxy_read_timeout 1h;",
      Caddy: 'In the Caddyfile: reverse_proxy … { flush_interval -1 }',
      Apache: 'In the Apache configuration: ProxyPass … flushpackets=on',
      traefik: 'In traefik: responseForwarding.flushInterval: 1ms for this service, and no buffering middleware.',
    };
    const known = lines[proxy];
    const steps: Remedy[] = known === undefined ? [] : [{ kind: 'tell', title: known }];
    return [
      ...steps,
      {
        kind: 'tell',
        title:
          "Let the server send the header 'X-Accel-Buffering: no' with its event streams; nginx and some others obey it. Compression of text/event-stream must be off, too.",
      },
      { kind: 'tell', title: 'Or serve Streamable HTTP, whose answers end and so pass through buffers.' },
    ];
  },
  about: `An event stream stays open and brings a few bytes at a time. A proxy that collects an answer before it passes it on (nginx by default) keeps those bytes, and
with HTTP/1.0 towards the server even the head: the client waits for the \`endpoint\` event and gets nothing.
mcpreach sees that a proxy signs the answers here, and that the stream stays silent; when the same stream answers at the server's own port, that is the proof.
By hand: \`curl -iN -H 'Accept: text/event-stream' URL\` once through the proxy and once at the server's own port.`,
  refs: [
    'https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_buffering',
    'https://html.spec.whatwg.org/multipage/server-sent-events.html#authoring-notes',
  ],
  examples() {
    const open = { tcp: tcp(attempt('127.0.0.1', 'open')) };
    const post = answered('initialize', 'method-not-allowed', answer(405, { headers: { server: 'nginx/1.22.1' } }));
    const silent = failed('sse', { stage: 'head', reason: 'timed-out', ms: 2000 });
    const withHead = failed('sse', {
      stage: 'body',
      reason: 'timed-out',
      ms: 5000,
      head: { status: 200, headers: { server: 'nginx', 'content-type': 'text/event-stream' } },
    });
    const bare = target('http://127.0.0.1:3000/sse');
    const backend = {
      port: 8000,
      address: '127.0.0.1',
      owner: { kind: 'not-measured' as const, why: 'not asked' },
      handshake: ready({ transport: 'sse', url: 'http://127.0.0.1:8000/sse' }),
    };
    const good = answered('initialize', 'result', answer(200, { headers: { server: 'nginx' }, rpc: { hasResult: true, error: null } }));
    const heldTools = {
      ...toolsFailed(failed('tools/list', { stage: 'head', reason: 'timed-out', ms: 30_000 })),
      exchanges: [good, failed('tools/list', { stage: 'head', reason: 'timed-out', ms: 30_000 })],
    };
    const streamed = answered(
      'tools/list',
      'result',
      answer(200, { rpc: { hasResult: true, error: null }, body: { kind: 'event-stream' } }),
    );
    const streaming = { ...backend, handshake: ready({ url: 'http://127.0.0.1:8000/mcp', exchanges: [good, streamed] }) };
    return {
      fires: [
        {
          title: 'nothing arrives, not even the head',
          evidence: evidence(bare, { ...open, direct: unfinished([post], { stream: silent }) }),
        },
        {
          title: 'the head arrives, the events do not',
          evidence: evidence(target('http://127.0.0.1:3000/sse', { transport: 'sse' }), {
            ...open,
            direct: unfinished([withHead], { transport: 'sse' }),
          }),
        },
        {
          title: 'the server behind answers by itself',
          evidence: evidence(bare, {
            ...open,
            direct: unfinished([post], { stream: silent }),
            ports: { looked: 4, ownedByOthers: [], found: [backend] },
          }),
        },
        {
          title: 'the list of tools is held back',
          evidence: evidence(target(), { ...open, direct: heldTools, ports: { looked: 4, ownedByOthers: [], found: [streaming] } }),
        },
      ],
      quiet: [
        {
          title: 'a server behind a proxy that was not seen answering by itself',
          evidence: evidence(target(), { ...open, direct: heldTools, ports: { looked: 4, ownedByOthers: [], found: [] } }),
        },
        { title: 'the stream flows', evidence: evidence(bare, { ...open, direct: ready({ transport: 'sse' }) }) },
        {
          title: 'no proxy anywhere',
          evidence: evidence(bare, {
            ...open,
            direct: unfinished([answered('initialize', 'method-not-allowed', answer(405))], { stream: silent }),
          }),
        },
      ],
    };
  },
});

/** The stream of HTTP+SSE, or one whose head has arrived, brings nothing. */
function heldStream(found: Evidence, { exchange, head, proxy }: SilentStream): Args {
  const streams = neighbours(found).filter((one) => one.transport === 'sse' || exchange.request !== 'sse');
  // Of several nobody knows which one is behind the proxy.
  const behind = streams.length === 1 ? streams[0] : undefined;
  const direct = behind === undefined ? [] : [`the stream at ${behind.url}, without the proxy, brings its first event at once`];
  return {
    certainty: behind === undefined ? 'likely' : 'proved',
    layer: 'http',
    proxy: proxy ?? 'a proxy',
    at: exchange.url,
    kind: head ? 'events' : 'stream',
    facts: [exchangeWords(exchange), ...direct],
  };
}

/** A POST brings nothing: a server that hangs looks the same, so a server behind must have been seen answering it with a stream. */
function heldBack(found: Evidence, held: SilentStream | undefined): Args | undefined {
  const way = failedWay(found);
  if (held === undefined || way === undefined) return undefined;
  const { exchange, proxy, head } = held;
  const server = way.handshake.result.server;
  const streams = neighbours(found).filter(
    ({ exchanges, result }) =>
      exchanges.some(({ request, answer }) => request === exchange.request && answer?.body.kind === 'event-stream') &&
      (server === null || (result.kind === 'ready' && result.server.name === server.name)),
  );
  const [behind] = streams;
  if (behind === undefined) return undefined;
  return {
    // The name of the server makes sure that it is the same one; before the handshake there is none.
    certainty: streams.length > 1 ? 'possible' : server === null ? 'likely' : 'proved',
    layer: way.layer,
    proxy: proxy ?? 'a proxy',
    at: exchange.url,
    kind: head ? 'events' : 'stream',
    facts: [
      ...readyWords(way.handshake),
      exchangeWords(exchange),
      `${behind.url}, without the proxy, answers ${exchange.request} with an event stream at once`,
    ],
  };
}

function neighbours({ ports, siblings }: Evidence): readonly Handshake[] {
  return [...(ports?.found.map(({ handshake }) => handshake) ?? []), ...(siblings?.handshakes ?? [])].filter(isReady);
}
