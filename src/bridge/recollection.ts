/** Answers from memory while no server has been there yet: the handshake at once, lists until the server is there. */
import type { Envelope } from '../wire/envelope.ts';
import type { Connection } from './connection.ts';
import { askedVersion, type Known, type Recall } from './known.ts';
import type { Ledger, Owed } from './ledger.ts';
import { cursorOf, isListMethod } from './lists.ts';
import { responseTo } from './own-messages.ts';

export interface RecollectionContext {
  readonly ledger: Ledger;
  readonly known: Known;
  readonly state: () => Connection;
  readonly deliver: (message: Envelope) => void;
  readonly note: (text: string) => void;
  /** Reads what was remembered; asked only when the server is not there. */
  readonly recall: () => Promise<Recall | null>;
  /** The client's `initialize` while it is unanswered. */
  readonly unansweredInitialize: () => Owed | null;
}

export interface Recollection {
  /** Answers the handshake when there is no server, or when it takes long (`late`). */
  handshake(late?: boolean): Promise<void>;
  /** Answers a request for what was remembered. */
  answer(owed: Owed, isModern: boolean): Promise<void>;
  /** Whether the client was told something by us instead of a server. */
  isUsed(): boolean;
}

export function createRecollection({
  ledger,
  known,
  state,
  deliver,
  note,
  recall,
  unansweredInitialize,
}: RecollectionContext): Recollection {
  let reading: Promise<Recall | null> | null = null;
  let isUsed = false;
  const read = () => (reading ??= recall());

  return {
    async handshake(late = false) {
      const owed = unansweredInitialize();
      const isAway = () => state().kind !== 'up' && state().epoch <= (late ? 1 : 0);
      if (owed === null || !isAway()) return;
      const found = await read();
      // A client that asks for another version than the one before needs an answer of its own.
      if (found === null || found.asked === null || found.asked !== askedVersion(owed.message)) return;
      if (!isAway() || !ledger.settle(owed)) return;
      isUsed = true;
      known.take(found);
      deliver(responseTo(owed.message, found.handshake));
      note('the server is not there yet; its handshake was answered from memory');
    },
    async answer(owed, isModern) {
      if (!isListMethod(owed.method) && owed.method !== 'server/discover') return;
      const found = await read();
      if (found === null || isModern !== (found.asked === null)) return;
      if (isModern && known.told === null) known.take(found);
      // Without the handshake that came with them, lists are another client's.
      if (!isModern && !isUsed) return;
      const result = isListMethod(owed.method) ? known.pages(owed.method)?.get(cursorOf(owed.message)) : known.told;
      if (typeof result !== 'string' || state().kind === 'up' || owed.sentIn !== null || !ledger.settle(owed)) return;
      isUsed = true;
      deliver(responseTo(owed.message, result));
    },
    isUsed: () => isUsed,
  };
}
