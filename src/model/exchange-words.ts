/** One exchange in words, as evidence lines show it. Pure. */
import type { BodyKind, Exchange, ExchangeFailure, Handshake } from './evidence.ts';

const KINDS: Readonly<Record<BodyKind, string>> = {
  empty: 'an empty body',
  'json-rpc': 'JSON-RPC',
  json: 'JSON',
  html: 'an HTML page',
  text: 'text',
  'event-stream': 'an event stream',
  binary: 'binary data',
};

const FAILURES: Readonly<Record<ExchangeFailure['reason'], string>> = {
  'timed-out': 'no answer',
  reset: 'the connection was reset',
  closed: 'the connection was closed',
  'not-http': 'the answer is not HTTP',
  'too-large': 'the answer is too large',
  refused: 'refused',
  unreachable: 'unreachable',
  cancelled: 'cancelled',
  failed: 'it failed',
};

/** `POST http://localhost:3000/mcp (initialize)`; the older event stream is a GET. */
export function requestWords({ request, url }: Exchange): string {
  return request === 'sse' ? `GET ${url} (event stream)` : `POST ${url} (${request})`;
}

/** What is in a body, with an article. */
export function bodyWords(kind: BodyKind): string {
  return KINDS[kind];
}

/** One exchange and what came of it, on one line. */
export function exchangeWords(exchange: Exchange): string {
  const { answer, failure } = exchange;
  if (answer !== null) {
    const { kind } = answer.body;
    const error = answer.rpc?.error;
    const excerpt = answer.rpc === null ? oneLine(answer.body.excerpt) : '';
    const said = error ? `error ${error.code}: ${oneLine(error.message)}` : excerpt === '' ? '' : `"${excerpt}"`;
    return `${requestWords(exchange)} answered HTTP ${answer.status}, ${KINDS[kind]}${said === '' ? '' : `: ${said}`}`;
  }
  if (failure === null) return `${requestWords(exchange)} was not answered`;
  const code = failure.code === null ? '' : ` (${failure.code})`;
  const head = failure.head === null ? '' : ` after the head of an answer (HTTP ${failure.head.status})`;
  const what = failure.reason === 'timed-out' && failure.head !== null ? 'nothing more' : FAILURES[failure.reason];
  return `${requestWords(exchange)}: ${what}${code}${head}, ${seconds(failure.ms)} after it was sent`;
}

/** Text of a foreign program, shortened to one line of at most 120 characters. */
export function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= 120 ? line : `${line.slice(0, 117)}...`;
}

/** Milliseconds as people read them: `340 ms`, `1.2 s`, `15 s`. */
export function seconds(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return `${ms < 10_000 ? (ms / 1000).toFixed(1).replace('.0', '') : Math.round(ms / 1000)} s`;
}

/** Evidence that the handshake itself was good, for faults that show after it. */
export function readyWords({ result }: Handshake): readonly string[] {
  if (result.kind !== 'tools-failed') return [];
  const { name, version, protocol } = result.server;
  return [`the handshake before it was good: ${[name ?? 'a server without a name', version].filter(Boolean).join(' ')}, MCP ${protocol}`];
}
