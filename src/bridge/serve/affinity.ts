/**
 * Which request a message of a stdio server belongs to. Over stdio only responses and progress say so; everything else goes with
 * the only request that runs, and where several run or none does, to the session's own stream.
 */
import { type ByteRange, type Envelope, idOf, memberAt, valueAt } from '../../wire/envelope.ts';

export interface Affinity {
  /** A request that was sent. */
  asked(message: Envelope): void;
  /** The id of the request on whose stream a message belongs; null for the session's own. A response ends its request. */
  of(message: Envelope): string | null;
  /** Requests without an answer, with their method and the text of their id. */
  open(): ReadonlyMap<string, Envelope>;
  forget(id: string): void;
}

/** What changes for the whole session, whoever is being served at the moment. */
const OF_THE_SESSION = /^notifications\/(?:.+\/list_changed|resources\/updated)$/;

export function createAffinity(): Affinity {
  const open = new Map<string, Envelope>();
  const byToken = new Map<string, string>();

  function forget(id: string): void {
    open.delete(id);
    for (const [token, owner] of byToken) if (owner === id) byToken.delete(token);
  }

  return {
    asked(message) {
      if (message.id === null) return;
      open.set(message.id, message);
      const token = progressTokenOf(message);
      if (token !== null) byToken.set(token, message.id);
    },
    of(message) {
      if (message.kind === 'response') {
        if (message.id === null || !open.has(message.id)) return null;
        forget(message.id);
        return message.id;
      }
      if (message.method === 'notifications/progress') {
        const token = idOf(valueAt(message, memberAt(message.bytes, message.paramsAt, 'progressToken')));
        return (token === null ? undefined : byToken.get(token)) ?? null;
      }
      if (OF_THE_SESSION.test(message.method ?? '')) return null;
      const [only] = open.keys();
      return open.size === 1 && only !== undefined ? only : null;
    },
    open: () => open,
    forget,
  };
}

/** Where a request says under which token it wants to hear of progress. */
export function progressTokenAt({ bytes, paramsAt }: Envelope): ByteRange | null {
  // Most requests have none, and their parameters may be long.
  if (paramsAt === null || !bytes.includes('progressToken')) return null;
  return memberAt(bytes, memberAt(bytes, paramsAt, '_meta'), 'progressToken');
}

function progressTokenOf(message: Envelope): string | null {
  return idOf(valueAt(message, progressTokenAt(message)));
}
