/** What a chaos run tells its server. */
export type Order =
  | { readonly kind: 'listen'; readonly port: number; readonly identity: Identity }
  | { readonly kind: 'half-close' }
  | { readonly kind: 'mood'; readonly mood: number | 'garbage' | 'well' };

/** Which program a server is, and which tools it has. */
export interface Identity {
  readonly name: string;
  readonly tools: readonly string[];
}

export const USUAL: Identity = { name: 'chaos', tools: ['count'] };
export const UPGRADED: Identity = { name: 'chaos', tools: ['count', 'more'] };
/** Has the same tool, so that a call forwarded by mistake would run. */
export const STRANGER: Identity = { name: 'another-program', tools: ['count'] };
/** Cannot even start: for stdio, what a server that stays down is. */
export const BROKEN: Identity = { name: 'chaos', tools: [] };
