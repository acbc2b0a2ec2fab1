/** The first exchange on a link: it tells whether the server is of the client's era. */
import { type Envelope, idText, withId } from '../../wire/envelope.ts';
import type { LinkFailure, Outcome } from '../links/link.ts';
import type { Era } from './meta.ts';
import { type Between, DONE, type Translator } from './translator.ts';
import type { Answer } from './upstream.ts';

/** What a link does from now on; null: the next message decides again. */
export type Decision =
  | { readonly kind: 'plain' }
  | { readonly kind: 'translate'; readonly client: Era; readonly translator: Translator }
  | null;

export interface Deciding {
  readonly between: Between;
  /** What we call ourselves towards a legacy server when a modern client does not say who it is. */
  readonly self: object;
  /** Milliseconds after which a silent child is asked in the older way too. */
  readonly probeMs: number;
  /** Opens the inner link anew; null when that went well. */
  readonly renew: () => Promise<LinkFailure | null>;
  /** Who hears the server from now on, before the matter is settled. */
  readonly prepare: (translator: Translator) => void;
  /** From now on; the message that was decided about has been dealt with. */
  readonly become: (decision: Decision) => void;
  /** From now on, beginning with the message that was decided about. */
  readonly proceed: (decision: Decision) => Promise<Outcome>;
}

export const PLAIN: Decision = { kind: 'plain' };

/** Gives the client the answer that was kept from it. */
export function handOver(answer: Answer, request: Envelope, { deliver }: Between): Outcome {
  if (answer.kind === 'failed' || answer.kind === 'passed') return answer.outcome;
  deliver(withId(answer.message, idText(request)), request.id);
  return DONE;
}
