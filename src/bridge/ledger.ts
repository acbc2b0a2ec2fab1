/** What the client has asked for and has not been answered yet. Every request in it gets exactly one answer. */
import type { Envelope } from '../wire/envelope.ts';

/** One unanswered request. */
export interface Owed {
  readonly message: Envelope;
  readonly id: string;
  readonly method: string;
  /** On the clock of `system/clock.ts`, in milliseconds. */
  readonly receivedAt: number;
  /** The epoch on whose link it was sent; null while it is held. */
  sentIn: number | null;
  /** How often it was sent and may have run. */
  tries: number;
  /** How often a server refused it unread. */
  refusals: number;
  /** A subscription that the client knows to be open: it lasts until the client ends it, however many servers come and go. */
  lasting: boolean;
  /** The client does not wait for the answer any more. */
  cancelled: boolean;
  /** Stops the clock that ends the waiting of a held request. */
  stopClock: () => void;
}

export interface Ledger {
  /** Enters a request. `duplicate`: its id is that of one that is not answered yet. `full`: there is no room for it. */
  enter(message: Envelope, id: string, method: string, receivedAt: number): Owed | 'duplicate' | 'full';
  find(id: string): Owed | undefined;
  /** Takes a request out, since it is answered now; false when somebody else was first. */
  settle(owed: Owed): boolean;
  /** Requests that wait for a server, oldest first. */
  held(): readonly Owed[];
  /** Requests that a server works on. */
  running(): readonly Owed[];
  /** Subscriptions that the client knows to be open, whether a server serves them now or not. */
  lasting(): readonly Owed[];
  /** Bytes of all requests in it. */
  bytes(): number;
}

/** Beyond this nobody is waiting for an answer any more: a client with so many open requests is in a loop. */
const MOST_REQUESTS = 10_000;
/** Twice the largest message we promise to carry. */
const MOST_BYTES = 128 * 1024 * 1024;

export function createLedger(): Ledger {
  const requests = new Map<string, Owed>();
  let bytes = 0;
  return {
    enter(message, id, method, receivedAt) {
      if (requests.has(id)) return 'duplicate';
      if (requests.size >= MOST_REQUESTS || (requests.size > 0 && bytes + message.bytes.length > MOST_BYTES)) return 'full';
      const state = { sentIn: null, tries: 0, refusals: 0, lasting: false, cancelled: false, stopClock: () => {} };
      const owed: Owed = { message, id, method, receivedAt, ...state };
      requests.set(id, owed);
      bytes += message.bytes.length;
      return owed;
    },
    find: (id) => requests.get(id),
    settle(owed) {
      if (requests.get(owed.id) !== owed) return false;
      requests.delete(owed.id);
      bytes -= owed.message.bytes.length;
      owed.stopClock();
      return true;
    },
    held: () => [...requests.values()].filter(({ sentIn }) => sentIn === null),
    running: () => [...requests.values()].filter(({ sentIn }) => sentIn !== null),
    lasting: () => [...requests.values()].filter(({ lasting }) => lasting),
    bytes: () => bytes,
  };
}
