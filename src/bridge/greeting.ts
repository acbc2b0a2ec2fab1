/**
 * The handshake with a new server: what the client once said is said again, the server's answer is compared with that of the
 * server before, and the state of the session is restored (order: initialize, initialized, log level, subscriptions).
 */
import { type Envelope, valueAt, withId } from '../wire/envelope.ts';
import { isRecord } from '../wire/json-rpc.ts';
import { LEGACY_REVISIONS } from '../facts/revisions.ts';
import type { Identity, Known } from './known.ts';
import { identityOf } from './known.ts';
import { requestOf } from './own-messages.ts';
import type { LinkFailure } from './links/link.ts';
import { type Refusal, tell } from './refusal.ts';

/** What came of a request of the bridge's own. */
export type Reply = { readonly kind: 'response'; readonly response: Envelope } | { readonly kind: 'failed'; readonly why: LinkFailure };

export interface GreetingContext {
  readonly known: Known;
  readonly epoch: number;
  /** Sends a request of the bridge's own, or the client's `initialize`, and waits for its response. */
  ask(request: Envelope): Promise<Reply>;
  /** Passes on the client's `notifications/initialized`, if it has said it; what went wrong, or null. */
  tellInitialized(): Promise<LinkFailure | null>;
}

export type Greeting =
  /** `response`: to the client's `initialize`, where that is still unanswered. */
  | { readonly kind: 'greeted'; readonly response: Envelope | null; readonly notes: readonly string[] }
  /** The server said no to the client's first `initialize`; the client is told in the server's own words. */
  | { readonly kind: 'declined'; readonly response: Envelope }
  | { readonly kind: 'failed'; readonly why: LinkFailure }
  | { readonly kind: 'refused'; readonly why: Refusal | LinkFailure }
  /** The server speaks another version than the one the client was told: this session cannot go on. */
  | { readonly kind: 'over'; readonly why: string };

/** Failures that waiting may heal. Whatever else it is, a server that is starting may show it for a moment, and the queue has an end. */
export function mayHeal({ kind, code }: LinkFailure): boolean {
  if (kind === 'ended') return code !== 'ENOENT' && code !== 'EACCES';
  return kind !== 'unauthorized' && kind !== 'tls';
}

/** Opens a session for a client that begins with `initialize`. `isWaiting` says whether the client still waits for its answer. */
export async function greetLegacy(context: GreetingContext, initialize: Envelope, isWaiting: () => boolean): Promise<Greeting> {
  const { known, epoch } = context;
  const request = isWaiting() ? initialize : withId(initialize, JSON.stringify(`mcpreach:${epoch}:initialize`));
  const reply = await context.ask(request);
  if (reply.kind === 'failed') return mayHeal(reply.why) ? reply : { kind: 'refused', why: reply.why };
  // It may have been answered from memory in the meantime.
  const first = isWaiting();
  const { response } = reply;
  const result = valueAt(response, response.resultAt);
  if (!isRecord(result) || response.resultAt === null) {
    return first ? { kind: 'declined', response } : { kind: 'refused', why: declined(response) };
  }
  const text = response.bytes.toString('utf8', response.resultAt.start, response.resultAt.end);
  const notes: string[] = [];
  if (known.told !== null) {
    const drift = compare(identityOf(known.told), identityOf(text));
    if (drift.kind !== 'same') return drift;
    notes.push(...drift.notes);
  }
  if (first) known.told = text;
  if (!first) {
    const lost = await context.tellInitialized();
    const failed = lost ?? (await restore(context));
    if (failed !== null) return { kind: 'failed', why: failed };
  }
  return { kind: 'greeted', response: first ? response : null, notes };
}

/** Looks at a server that needs no handshake: is it the one that the client knows? */
export async function greetModern(context: GreetingContext, meta: object): Promise<Greeting> {
  const { known, epoch } = context;
  if (known.told === null) return { kind: 'greeted', response: null, notes: [] };
  const reply = await context.ask(requestOf(`mcpreach:${epoch}:discover`, 'server/discover', JSON.stringify({ _meta: meta })));
  if (reply.kind === 'failed') return mayHeal(reply.why) ? reply : { kind: 'refused', why: reply.why };
  const { response } = reply;
  if (response.resultAt === null) return { kind: 'refused', why: declined(response) };
  const text = response.bytes.toString('utf8', response.resultAt.start, response.resultAt.end);
  const drift = compare(identityOf(known.told), identityOf(text));
  return drift.kind === 'same' ? { kind: 'greeted', response: null, notes: drift.notes } : drift;
}

async function restore({ known, epoch, ask }: GreetingContext): Promise<LinkFailure | null> {
  for (const [index, { method, params }] of known.restoring().entries()) {
    const reply = await ask(requestOf(`mcpreach:${epoch}:restore:${index}`, method, params));
    // A server that has the resource no more says so by an error; the session goes on without it.
    if (reply.kind === 'failed') return reply.why;
  }
  return null;
}

type Drift = { readonly kind: 'same'; readonly notes: readonly string[] } | Extract<Greeting, { kind: 'refused' | 'over' }>;

function compare(before: Identity, now: Identity): Drift {
  if (before.name !== null && now.name !== null && before.name !== now.name)
    return { kind: 'refused', why: stranger(before.name, now.name) };
  if (before.protocol !== now.protocol && !isAtLeast(now.protocol, before.protocol)) {
    return {
      kind: 'over',
      why: `the server now speaks MCP ${now.protocol ?? 'of no version'}, the client was told ${before.protocol ?? 'none'}`,
    };
  }
  const notes = [
    ...(before.version !== now.version ? [`the server is version ${now.version ?? '?'} now, it was ${before.version ?? '?'}`] : []),
    ...(before.protocol !== now.protocol ? [`the server speaks MCP ${now.protocol} now, it spoke ${before.protocol}`] : []),
  ];
  return { kind: 'same', notes };
}

/** Whether a client that was told one version can live with the other: a newer one that is known. */
function isAtLeast(version: string | null, told: string | null): boolean {
  return version !== null && (told === null || version >= told) && LEGACY_REVISIONS.some((one) => one === version);
}

function stranger(expected: string, found: string): Refusal {
  return {
    cause: 'port-in-use',
    summary: `Another program answers at this address: an MCP server named "${found}", not "${expected}". Nothing was sent to it.`,
    remedies: [tell(`Start "${expected}" at its address again, or let the client's entry name the new server and restart the client.`)],
  };
}

function declined(response: Envelope): Refusal {
  const error = valueAt(response, response.errorAt);
  const code = isRecord(error) && typeof error['code'] === 'number' ? ` (JSON-RPC error ${error['code']})` : '';
  return { cause: 'mcp-error', summary: `The server that is there now declines the handshake${code}.`, remedies: [] };
}
