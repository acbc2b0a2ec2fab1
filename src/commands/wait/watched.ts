import type { Sighting } from './sighting.ts';
import { createDialer } from './dial.ts';

/** One server that is waited for. No look rejects, and none leaves a session or a socket behind. */
export interface Watched {
  /** How many addresses are dialled, and whether all of them are this machine's own loopback, as far as is known. */
  reach(): { readonly local: boolean; readonly addresses: number };
  /** The cheapest look at a server that was closed: whether it still is; null when somebody accepts now. */
  knock(signal: AbortSignal): Promise<Extract<Sighting, { kind: 'closed' }> | null>;
  /** Everything that has to work. */
  look(signal: AbortSignal): Promise<Sighting>;
  /** Whether a server that was ready is still there. */
  glance(signal: AbortSignal): Promise<Sighting>;
  /** Lets a handshake that is under way come to its end. */
  settle(): Promise<void>;
}

/** A port that has to accept connections, at any address of its host. */
export function watchPort(host: string, port: number): Watched {
  const dialer = createDialer(host, port);
  const look = async (signal: AbortSignal): Promise<Sighting> => {
    const dialled = await dialer.dial(signal);
    return dialled.kind === 'open' ? { kind: 'ready' } : dialled;
  };
  const knock = async (signal: AbortSignal) => {
    const dialled = await dialer.dial(signal);
    return dialled.kind === 'open' ? null : dialled;
  };
  return { reach: dialer.reach, knock, look, glance: look, settle: () => Promise.resolve() };
}
