/** The first exchange of a modern client. */
import { LEGACY_REVISIONS } from '../../facts/revisions.ts';
import { within } from '../../system/clock.ts';
import type { Envelope } from '../../wire/envelope.ts';
import type { Outcome } from '../links/link.ts';
import { type Deciding, type Decision, handOver, PLAIN } from './decide.ts';
import { nextId } from './memory.ts';
import { type ClientFacts, factsOfMeta, metaText } from './meta.ts';
import { notificationOf, requestOf } from './replies.ts';
import type { Answer } from './upstream.ts';
import { isEnded, isRefusedMessage, verdictOf } from './verdict.ts';

/**
 * Asks `server/discover` first, be it the client's own: a legacy server might run any other request without knowing what it
 * means, and what follows must not wait for an answer that may take long, or for a stream that has none.
 */
export async function decideForModern(message: Envelope, deciding: Deciding): Promise<Outcome> {
  const { between, become, proceed } = deciding;
  const { memory } = between;
  const facts = factsOfMeta(message);
  if (memory.server === 'legacy') {
    const tried = await shakeHands(facts, deciding);
    if (tried.kind === 'agreed') return proceed(tried.decision);
    if (tried.answer.kind === 'failed' && !isRefusedMessage(tried.answer.outcome)) return tried.answer.outcome;
    // A server of the other era may have taken the place of the one we remember.
    memory.server = null;
    const why = await deciding.renew();
    if (why !== null) return { kind: 'not-sent', why };
  }
  const isDiscover = message.method === 'server/discover';
  const told = await probe(isDiscover ? message : discoverRequest(facts, deciding), facts, deciding);
  if (told.kind === 'agreed') return proceed(told.decision);
  const isModern = verdictOf(told.answer, between.stdio) === 'modern';
  if (isModern) memory.server = 'modern';
  if (isModern && !isDiscover) return proceed(PLAIN);
  const outcome = handOver(told.answer, message, between);
  if (isModern) become(PLAIN);
  return outcome;
}

/** `agreed`: a legacy server took our handshake. */
type Told = { readonly kind: 'agreed'; readonly decision: Decision } | { readonly kind: 'not-agreed'; readonly answer: Answer };

/** Sends `server/discover`, and makes the older handshake when that is not understood. */
async function probe(discover: Envelope, facts: ClientFacts, deciding: Deciding): Promise<Told> {
  const { up, stdio, memory, signal } = deciding.between;
  const asked = up.ask(discover);
  const first = stdio ? await within(asked, deciding.probeMs, null, signal) : await asked;
  if (first === null) {
    // A silent server may be slow to start, so the same one is asked in the older way too, and what it says to that counts.
    const tried = await shakeHands(facts, deciding);
    return tried.kind === 'agreed' ? tried : { kind: 'not-agreed', answer: await asked };
  }
  if (verdictOf(first, stdio) !== 'legacy') return { kind: 'not-agreed', answer: first };
  memory.server = null;
  // Over HTTP a session may have come with the refusal; the handshake begins without one.
  const isUsable = stdio && !(first.kind === 'failed' && isEnded(first.outcome));
  if (!isUsable && (await deciding.renew()) !== null) return { kind: 'not-agreed', answer: first };
  const tried = await shakeHands(facts, deciding);
  return tried.kind === 'agreed' ? tried : { kind: 'not-agreed', answer: first };
}

/** Makes the handshake of a legacy client in the name of a modern one. */
async function shakeHands({ capabilities, info }: ClientFacts, { between, self, prepare }: Deciding): Promise<Told> {
  const { up, memory } = between;
  const params = JSON.stringify({ protocolVersion: LEGACY_REVISIONS[0], capabilities, clientInfo: info ?? self });
  const answer = await up.ask(requestOf(nextId(memory), 'initialize', params));
  if (answer.kind !== 'result') return { kind: 'not-agreed', answer };
  // Most bridges translate nothing, and start sooner without it.
  const { createModernClient } = await import('./modern-client.ts');
  const translator = createModernClient(between, answer.result);
  prepare(translator);
  const outcome = await up.send(notificationOf('notifications/initialized', '{}'));
  if (outcome.kind !== 'done') return { kind: 'not-agreed', answer: { kind: 'failed', outcome } };
  memory.server = 'legacy';
  return { kind: 'agreed', decision: { kind: 'translate', client: 'modern', translator } };
}

function discoverRequest(facts: ClientFacts, { between }: Deciding): Envelope {
  return requestOf(nextId(between.memory), 'server/discover', `{"_meta":${metaText(facts, null)}}`);
}
