/** The first exchange of a legacy client. */
import { idText, type Envelope } from '../../wire/envelope.ts';
import type { Outcome } from '../links/link.ts';
import { type Deciding, handOver, PLAIN } from './decide.ts';
import { nextId } from './memory.ts';
import { factsOfHandshake, metaText } from './meta.ts';
import { requestOf, resultReply } from './replies.ts';
import { DONE } from './translator.ts';
import type { Answer } from './upstream.ts';
import { isEnded, isRefusedMessage, isSpoken, verdictOf } from './verdict.ts';

/** Sends `initialize` as it is; when that is refused, or the server is known, `server/discover` tells whether to translate. */
export async function decideForLegacy(message: Envelope, deciding: Deciding): Promise<Outcome> {
  const { between, proceed } = deciding;
  const { memory, stdio } = between;
  const isHandshake = message.method === 'initialize';
  if (isHandshake) memory.handshake = factsOfHandshake(message);
  if (memory.server === 'modern') {
    const tried = await translate(message, deciding);
    if (tried.kind === 'over') return tried.outcome;
    // A server of the other era may have taken the place of the one we remember.
    if (verdictOf(tried.answer, stdio) !== 'legacy') return handOver(tried.answer, message, between);
    memory.server = null;
    const isUsable = stdio && !(tried.answer.kind === 'failed' && isEnded(tried.answer.outcome));
    const why = isUsable ? null : await deciding.renew();
    if (why !== null) return { kind: 'not-sent', why };
    if (!isHandshake) return proceed(PLAIN);
  }
  const answer = await askPlainly(message, deciding);
  if (answer.kind === 'passed') memory.server = 'legacy';
  const isRefused = answer.kind === 'error' || (answer.kind === 'failed' && isRefusedMessage(answer.outcome));
  if (!isRefused) return handOver(answer, message, between);
  const tried = await translate(message, deciding);
  if (tried.kind === 'over') return tried.outcome;
  // Over HTTP a link that has sent a modern message takes its headers from it.
  if (!stdio) await deciding.renew();
  return handOver(answer, message, between);
}

/** Sends a message unchanged. A result goes on to the client at once and settles the matter: what follows must not overtake it. */
function askPlainly(message: Envelope, { between, become }: Deciding): Promise<Answer> {
  return between.up.ask(message, (answer) => {
    if (answer.errorAt !== null) return false;
    become(PLAIN);
    return true;
  });
}

type Tried = { readonly kind: 'over'; readonly outcome: Outcome } | { readonly kind: 'not-modern'; readonly answer: Answer };

/** Translates from now on if the server answers `server/discover` with a version that we speak. */
async function translate(message: Envelope, { between, become, proceed }: Deciding): Promise<Tried> {
  const { memory, up, deliver } = between;
  const facts = memory.handshake ?? factsOfHandshake(message);
  const answer = await up.ask(requestOf(nextId(memory), 'server/discover', `{"_meta":${metaText(facts, null)}}`));
  if (answer.kind !== 'result' || !isSpoken(answer.result)) return { kind: 'not-modern', answer };
  memory.server = 'modern';
  // Most bridges translate nothing, and start sooner without it.
  const { createLegacyClient, initializeResult } = await import('./legacy-client.ts');
  const decision = { kind: 'translate', client: 'legacy', translator: createLegacyClient(between, facts, answer.result) } as const;
  if (message.method !== 'initialize') return { kind: 'over', outcome: await proceed(decision) };
  deliver(resultReply(idText(message), initializeResult(facts, answer.result)), message.id);
  become(decision);
  return { kind: 'over', outcome: DONE };
}
