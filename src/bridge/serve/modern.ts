/** Requests of 2026-07-28 and later: no sessions; one child answers all of them. */
import { LEGACY_REVISIONS, RPC_CODES } from '../../facts/revisions.ts';
import { now, within } from '../../system/clock.ts';
import type { IncomingMessage, ServerResponse } from '../../system/http-server.ts';
import { type Envelope, idOf, idText, memberAt, messageOf, readEnvelope, replaceRange, valueAt } from '../../wire/envelope.ts';
import { isRecord } from '../../wire/json-rpc.ts';
import { createModernHeaders, headerValue } from '../../wire/modern-headers.ts';
import { VERSION } from '../../model/version.gen.ts';
import type { OpenLink } from '../links/link.ts';
import { accepts, REJECT, reject, sendJson, startEvents, writeEvent } from './answer.ts';
import type { Metrics } from './metrics.ts';
import { type Asked, type Caller, createMux, type Mux } from './mux.ts';

const META = 'io.modelcontextprotocol/';
const SUBSCRIPTION = `${META}subscriptionId`;
const MODERN_SINCE = '2026-07-28';
/** A server that ignores what it does not know is of the older era. Long enough for a slow start. */
const DISCOVER_MS = 15_000;
const PATIENT_MS = 5_000;
const KEEP_ALIVE_MS = 15_000;

/** The member of `params` that `Mcp-Name` repeats, by method. */
const NAMED: Readonly<Record<string, string>> = { 'tools/call': 'name', 'prompts/get': 'name', 'resources/read': 'uri' };

/** Errors whose HTTP status the specification fixes. */
const STATUS: Readonly<Record<number, number>> = {
  [RPC_CODES.methodNotFound]: 404,
  [RPC_CODES.headerMismatch]: 400,
  [RPC_CODES.missingClientCapability]: 400,
  [RPC_CODES.unsupportedProtocolVersion]: 400,
};

export interface Modern {
  /** Whether a POST is one of this era, by its header or its body. */
  isModern(message: Envelope, request: IncomingMessage): boolean;
  post(message: Envelope, request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** What the child speaks; null before it was asked. */
  era(): 'modern' | 'legacy' | null;
  sweep(time: number): void;
  running(): number;
  close(): Promise<void>;
}

interface Exchange extends Caller {
  readonly response: ServerResponse;
  mode: 'undecided' | 'events';
  readonly events: boolean;
  readonly openedAt: number;
  writtenAt: number;
}

export interface ModernOptions {
  readonly open: OpenLink;
  readonly metrics: Metrics;
  readonly note: (line: string) => void;
}

export function createModern({ open, metrics, note }: ModernOptions): Modern {
  const exchanges = new Set<Exchange>();
  let era: 'modern' | 'legacy' | null = null;
  let asking: Promise<'modern' | 'legacy'> | null = null;
  let mux: Mux | null = null;
  /** What tools want to see in headers, as far as their list has been asked for. */
  const parameters = createModernHeaders();

  function theMux(): Mux {
    return (mux ??= createMux({
      open,
      metrics,
      note,
      greet: () => Promise.resolve(true),
      onLost: () => undefined,
      onMessage: fromChild,
    }));
  }

  /** Asks once. A server of the older era refuses, or ends, on a first message that is no handshake. */
  function findEra(): Promise<'modern' | 'legacy'> {
    return (asking ??= (async () => {
      const meta = {
        [`${META}protocolVersion`]: MODERN_SINCE,
        [`${META}clientCapabilities`]: {},
        [`${META}clientInfo`]: { name: 'mcpreach', version: VERSION },
      };
      const answer = await within(theMux().request('server/discover', { _meta: meta }), DISCOVER_MS, null);
      const code = answer === null ? undefined : valueAt(answer, memberAt(answer.bytes, answer.errorAt, 'code'));
      const known = answer !== null && (answer.errorAt === null || (typeof code === 'number' && code <= -32_020 && code >= -32_022));
      era = known ? 'modern' : 'legacy';
      if (era === 'legacy') {
        await mux?.close();
        mux = null;
      }
      return era;
    })());
  }

  /** Notifications of a subscription name it; others go with the only call that runs, or are of no use to anybody. */
  function fromChild(message: Envelope): void {
    if (mux === null || message.kind !== 'notification') return;
    const meta = memberAt(message.bytes, message.paramsAt, '_meta');
    const at = memberAt(message.bytes, meta, SUBSCRIPTION);
    const calls = [...mux.running()].filter(({ message: asked, sent }) => sent && asked.method !== 'subscriptions/listen');
    const asked = at === null ? (calls.length === 1 ? calls[0] : undefined) : mux.asked(Number(idOf(valueAt(message, at)) ?? Number.NaN));
    asked?.caller.deliver(at === null ? message : named(message, at, asked));
  }

  function named(message: Envelope, at: { start: number; end: number }, { message: asked }: Asked): Envelope {
    return readEnvelope(replaceRange(message.bytes, at, idText(asked)));
  }

  /** Arguments that the tool wants to see in headers must stand there as in the body. */
  function parameterFault(message: Envelope, { headers }: IncomingMessage) {
    for (const [name, expected] of Object.entries(parameters.headersFor(message) ?? {})) {
      if (!name.startsWith('mcp-param-')) continue;
      const given = headers[name];
      if (given !== expected && (decoded(given) === null || decoded(given) !== (decoded(expected) ?? expected)))
        return { code: RPC_CODES.headerMismatch, message: `Header mismatch: ${name} is missing or differs from the argument` };
    }
    return null;
  }

  function passOn(message: Envelope, response: ServerResponse, accept: string | undefined): void {
    const startedAt = now();
    const events = accepts(accept, 'text/event-stream');
    const json = accepts(accept, 'application/json');
    const exchange: Exchange = {
      response,
      mode: 'undecided',
      events,
      openedAt: startedAt,
      writtenAt: startedAt,
      deliver(given) {
        const isLast = given.kind === 'response';
        const out = isLast && message.method === 'subscriptions/listen' ? renamed(given) : given;
        metrics.bytes('out', out.bytes.length);
        if (isLast) {
          parameters.learn(message, out);
          exchanges.delete(exchange);
          metrics.request(message.method ?? '', out.errorAt === null ? 'result' : 'error', (now() - startedAt) / 1000);
        }
        if (exchange.mode === 'undecided') {
          if (isLast && json) return sendJson(response, statusOf(out), out.bytes);
          if (!events) return;
          toEvents(exchange);
        }
        writeEvent(response, out.bytes, 'event: message\n');
        exchange.writtenAt = now();
        if (isLast) response.end();
      },
    };
    const asked = theMux().ask(message, exchange);
    /** The end of a subscription names it in its result. */
    const renamed = (given: Envelope): Envelope => {
      const at = memberAt(given.bytes, memberAt(given.bytes, given.resultAt, '_meta'), SUBSCRIPTION);
      return at === null ? given : named(given, at, asked);
    };
    if (theMux().asked(asked.number) === undefined) return;
    exchanges.add(exchange);
    response.once('close', () => {
      if (!exchanges.delete(exchange)) return;
      // Closing the stream is the cancellation of this era.
      metrics.request(message.method ?? '', 'abandoned', (now() - startedAt) / 1000);
      mux?.drop(asked);
      if (asked.sent)
        mux?.send(
          messageOf({
            jsonrpc: '2.0',
            method: 'notifications/cancelled',
            params: { requestId: asked.number, reason: 'The client closed the stream.' },
          }),
        );
    });
  }

  return {
    era: () => era,
    running: () => exchanges.size,
    isModern(message, request) {
      const header = request.headers['mcp-protocol-version'];
      if (typeof header === 'string' && /^\d{4}-\d\d-\d\d$/.test(header)) return header >= MODERN_SINCE;
      return message.kind !== 'batch' && message.bytes.includes(`${META}protocolVersion`);
    },
    async post(message, request, response) {
      if (era === null) await findEra();
      if (response.destroyed) return;
      if (era === 'legacy') {
        const wanted = request.headers['mcp-protocol-version'];
        const version = typeof wanted === 'string' ? wanted.slice(0, 40) : MODERN_SINCE;
        return REJECT.http(
          response,
          400,
          `Bad Request: Unsupported protocol version: ${version} (supported versions: ${LEGACY_REVISIONS.join(', ')})`,
        );
      }
      if (message.kind === 'batch') return REJECT.invalid(response, 'batches are not part of this revision');
      if (message.kind === 'response') return REJECT.invalid(response, 'responses are not part of this revision');
      const fault = headerFault(message, request) ?? parameterFault(message, request);
      if (fault !== null) return reject(response, 400, fault.code, fault.message, {}, idText(message));
      // The child's own word on it may be another: a bridge to a server of either era opens a session of the older one.
      if (message.method === 'initialize')
        return reject(response, 404, RPC_CODES.methodNotFound, 'Method not found: initialize', {}, idText(message));
      metrics.bytes('in', message.bytes.length);
      if (message.kind === 'notification') {
        theMux().send(message);
        response.writeHead(202);
        response.end();
        return;
      }
      passOn(message, response, request.headers.accept);
    },
    sweep(time) {
      mux?.sweep(time);
      for (const exchange of exchanges) {
        if (exchange.mode === 'undecided') {
          if (exchange.events && time - exchange.openedAt > PATIENT_MS) toEvents(exchange);
        } else if (time - exchange.writtenAt > KEEP_ALIVE_MS) {
          exchange.response.write(': keep-alive\n\n');
          exchange.writtenAt = time;
        }
      }
    },
    async close() {
      for (const { response } of exchanges) response.end();
      await mux?.close();
    },
  };
}

function toEvents(exchange: Exchange): void {
  exchange.mode = 'events';
  startEvents(exchange.response);
}

function statusOf(message: Envelope): number {
  if (message.errorAt === null) return 200;
  const code = valueAt(message, memberAt(message.bytes, message.errorAt, 'code'));
  return (typeof code === 'number' ? STATUS[code] : undefined) ?? 200;
}

/** The headers must say what the body says (2026-07-28, basic/transports/streamable-http). */
function headerFault(message: Envelope, { headers }: IncomingMessage): { readonly code: number; readonly message: string } | null {
  const mismatch = (what: string) => ({ code: RPC_CODES.headerMismatch, message: `Header mismatch: ${what}` });
  const meta = memberAt(message.bytes, message.paramsAt, '_meta');
  const version = valueAt(message, memberAt(message.bytes, meta, `${META}protocolVersion`));
  const header = headers['mcp-protocol-version'];
  if (header === undefined) return mismatch('MCP-Protocol-Version is missing');
  if (message.kind === 'request') {
    if (typeof version !== 'string')
      return { code: RPC_CODES.invalidParams, message: `Invalid params: _meta lacks ${META}protocolVersion` };
    const capabilities = valueAt(message, memberAt(message.bytes, meta, `${META}clientCapabilities`));
    if (!isRecord(capabilities)) return { code: RPC_CODES.invalidParams, message: `Invalid params: _meta lacks ${META}clientCapabilities` };
  }
  if (typeof version === 'string' && version !== header) return mismatch('MCP-Protocol-Version differs from _meta');
  if (headers['mcp-method'] !== headerValue(message.method ?? '')) return mismatch('Mcp-Method is missing or differs from method');
  const named = NAMED[message.method ?? ''];
  if (named === undefined) return null;
  const name = valueAt(message, memberAt(message.bytes, message.paramsAt, named));
  return typeof name === 'string' && headers['mcp-name'] !== headerValue(name) && decoded(headers['mcp-name']) !== name
    ? mismatch(`Mcp-Name is missing or differs from params.${named}`)
    : null;
}

/** A header value may be written in Base64 without need. */
function decoded(value: string | readonly string[] | undefined): string | null {
  const [, base64] = typeof value === 'string' ? (/^=\?base64\?([A-Za-z0-9+/=]*)\?=$/.exec(value) ?? []) : [];
  if (base64 === undefined) return null;
  const bytes = Buffer.from(base64, 'base64');
  // Node reads over wrong padding; the specification does not.
  return bytes.toString('base64') === base64 ? bytes.toString('utf8') : null;
}
