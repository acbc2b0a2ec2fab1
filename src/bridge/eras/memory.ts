import type { ClientFacts, Era } from './meta.ts';

/** What was learnt of a client and its server; it outlives the links, so that the next one translates from its first message. */
export interface EraMemory {
  client: Era | null;
  server: Era | null;
  /** What a legacy client said in its handshake. */
  handshake: ClientFacts | null;
  /** The last number in an id or state that we made: none is used twice towards one client. */
  counter: number;
}

/** The memory of a client of which nothing is known yet. */
export function createEraMemory(): EraMemory {
  return { client: null, server: null, handshake: null, counter: 0 };
}

/** A new id, or request state, as JSON text. */
export function nextId(memory: EraMemory): string {
  memory.counter += 1;
  return `"mcpreach:era:${memory.counter}"`;
}
