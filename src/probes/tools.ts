import type { ToolsFacts } from '../model/evidence.ts';
import { isRecord } from '../wire/json-rpc.ts';
import { legacyToolsRequest, modernToolsRequest } from '../wire/requests.ts';
import type { FullExchange } from './exchange.ts';

/** More pages than any server has; ends a server whose cursor never does. */
const MOST_PAGES = 100;

const MOST_NAMES = 500;

export type ToolsResult =
  | { readonly kind: 'listed'; readonly tools: ToolsFacts }
  /** The server does not offer tools, or they were not asked for. */
  | { readonly kind: 'none' }
  | { readonly kind: 'failed' };

export interface ToolsSession {
  readonly era: 'legacy' | 'modern';
  readonly version: string;
  readonly session: string | null;
}

interface Sender {
  wantsTools(): boolean;
  send(request: ReturnType<typeof legacyToolsRequest>): Promise<FullExchange>;
}

/** Reads the whole tool list, page by page. */
export async function listTools(run: Sender, { era, version, session }: ToolsSession, offered: boolean): Promise<ToolsResult> {
  if (!offered || !run.wantsTools()) return { kind: 'none' };
  let count = 0;
  const names: string[] = [];
  const seen = new Set<string>();
  let cursor: string | null = null;
  for (let page = 1; page <= MOST_PAGES; page++) {
    const request = era === 'modern' ? modernToolsRequest(version, page, cursor) : legacyToolsRequest(session, version, page, cursor);
    const { rpc, shown }: FullExchange = await run.send(request);
    const result: unknown = rpc?.result;
    if (shown.meaning !== 'result' || !isRecord(result) || !Array.isArray(result['tools'])) return { kind: 'failed' };
    count += result['tools'].length;
    for (const tool of result['tools']) {
      if (isRecord(tool) && typeof tool['name'] === 'string' && names.length < MOST_NAMES) names.push(tool['name']);
    }
    const next = result['nextCursor'];
    if (typeof next !== 'string' || next === '' || seen.has(next)) break;
    seen.add(next);
    cursor = next;
  }
  return { kind: 'listed', tools: { count, names } };
}
