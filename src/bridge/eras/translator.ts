import type { Envelope } from '../../wire/envelope.ts';
import type { LinkFailure, Outcome } from '../links/link.ts';
import type { EraMemory } from './memory.ts';
import type { Upstream } from './upstream.ts';

/** One direction of translation on one link. */
export interface Translator {
  /** A message of the client; resolves as {@link Link.send} does. */
  send(message: Envelope): Promise<Outcome>;
  /** A message of the server that answers none of our own requests. */
  receive(message: Envelope, of: string | null): void;
  abandon(id: string): void;
  /** The link is gone: settles what waits for somebody else than the link. */
  lost(why: LinkFailure): void;
}

/** What a translator stands between. */
export interface Between {
  readonly up: Upstream;
  /** Gives the client a message; `of` is the id of the client's request it belongs to. */
  readonly deliver: (message: Envelope, of: string | null) => void;
  readonly memory: EraMemory;
  /** Whether the server is a child process: cancelling is a message there, elsewhere the end of a stream. */
  readonly stdio: boolean;
  /** Ends with the link. */
  readonly signal: AbortSignal;
}

export const DONE: Outcome = { kind: 'done' };
