/** Which requests may be sent a second time although the first may have run. Pure. */

/**
 * Methods that only read, or that leave the same state however often they run (specification, 2025-11-25 and 2026-07-28).
 * `tools/call` is not among them: what a tool does nobody knows but its author.
 */
const REPEATABLE: ReadonlySet<string> = new Set([
  'ping',
  'tools/list',
  'prompts/list',
  'prompts/get',
  'resources/list',
  'resources/read',
  'resources/templates/list',
  'resources/subscribe',
  'resources/unsubscribe',
  'completion/complete',
  'logging/setLevel',
  'server/discover',
  'subscriptions/listen',
  'tasks/get',
  'tasks/list',
  'tasks/result',
  'tasks/cancel',
]);

/** How often one request is sent in all: a request that brings its server down every time must not be handed on for ever. */
export const MOST_TRIES = 3;

/** What a server says of a tool (`annotations` in `tools/list`). Hints, which the specification calls untrusted. */
export interface ToolHints {
  readonly readOnlyHint?: unknown;
  readonly idempotentHint?: unknown;
}

/** Whether a request whose fate is unknown may be sent again; hints of tools count only when the user trusts them. */
export function mayRepeat(method: string, hints: ToolHints | null): boolean {
  if (REPEATABLE.has(method)) return true;
  return method === 'tools/call' && hints !== null && (hints.readOnlyHint === true || hints.idempotentHint === true);
}
