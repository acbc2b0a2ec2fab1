/** What the bridge knows of a session beyond its links: what the client said, what it was told, and what is to be restored. */
import { type Envelope, valueAt } from '../wire/envelope.ts';
import { isRecord } from '../wire/json-rpc.ts';
import type { Owed } from './ledger.ts';
import { cursorOf, isListMethod, type ListMethod } from './lists.ts';
import type { ToolHints } from './resend.ts';

/** What one server said of itself in the handshake. */
export interface Identity {
  readonly name: string | null;
  readonly version: string | null;
  /** Null since 2026-07-28: every request says it. */
  readonly protocol: string | null;
}

/** What outlives the process, by target: enough to answer a client while the server is not there yet. */
export interface Recall {
  /** The version the client asked for; a client that asks for another one needs an answer of its own. Null for `server/discover`. */
  readonly asked: string | null;
  /** JSON text of the handshake's result. */
  readonly handshake: string;
  /** JSON texts of result pages by cursor. */
  readonly lists: Readonly<Partial<Record<ListMethod, Readonly<Record<string, string>>>>>;
}

export interface Known {
  /** The client's `initialize`, once it came; it opens every later session. */
  initialize: Envelope | null;
  /** The client's `notifications/initialized`. */
  initialized: Envelope | null;
  /** JSON text of the handshake result that the client was given, by a server or from memory. */
  told: string | null;
  /** Takes note of an answer that has been passed on. */
  observe(owed: Owed, response: Envelope): void;
  /** Requests that restore the state of the session at a new server: log level, then subscriptions. */
  restoring(): readonly { readonly method: string; readonly params: string }[];
  /** Resources whose updates the client waits for. */
  subscribed(): readonly string[];
  pages(method: ListMethod): ReadonlyMap<string, string> | undefined;
  /** What a server says of a tool; null when it was not listed. */
  hintsOf(request: Envelope): ToolHints | null;
  /** What is worth remembering; null before there is anything. */
  recall(): Recall | null;
  /** Takes over what was remembered. */
  take(recall: Recall): void;
}

export function createKnown(): Known {
  let logLevel: string | null = null;
  const subscriptions = new Map<string, string>();
  const lists = new Map<ListMethod, Map<string, string>>();

  const known: Known = {
    initialize: null,
    initialized: null,
    told: null,
    observe({ method, message }, response) {
      if (response.resultAt === null) return;
      if (isListMethod(method)) {
        const pages = lists.get(method) ?? new Map<string, string>();
        const cursor = cursorOf(message);
        // The first page begins a new reading of the list.
        if (cursor === '') pages.clear();
        pages.set(cursor, response.bytes.toString('utf8', response.resultAt.start, response.resultAt.end));
        lists.set(method, pages);
      } else if (method === 'server/discover') {
        known.told = response.bytes.toString('utf8', response.resultAt.start, response.resultAt.end);
      } else if (method === 'logging/setLevel') {
        logLevel = paramsText(message);
      } else if (method === 'resources/subscribe' || method === 'resources/unsubscribe') {
        const uri = uriOf(message);
        if (uri === null) return;
        if (method === 'resources/subscribe') subscriptions.set(uri, paramsText(message));
        else subscriptions.delete(uri);
      }
    },
    restoring: () => [
      ...(logLevel === null ? [] : [{ method: 'logging/setLevel', params: logLevel }]),
      ...[...subscriptions.values()].map((params) => ({ method: 'resources/subscribe', params })),
    ],
    subscribed: () => [...subscriptions.keys()],
    pages: (method) => lists.get(method),
    hintsOf(request) {
      const params = valueAt(request, request.paramsAt);
      const name = isRecord(params) ? params['name'] : undefined;
      for (const page of lists.get('tools/list')?.values() ?? []) {
        const { tools } = JSON.parse(page) as { readonly tools?: unknown };
        const tool = Array.isArray(tools) ? tools.filter(isRecord).find((one) => one['name'] === name) : undefined;
        if (tool !== undefined) return isRecord(tool['annotations']) ? tool['annotations'] : {};
      }
      return null;
    },
    recall() {
      if (known.told === null) return null;
      return {
        asked: known.initialize === null ? null : askedVersion(known.initialize),
        handshake: known.told,
        lists: Object.fromEntries([...lists].map(([method, pages]) => [method, Object.fromEntries(pages)])),
      };
    },
    take(recall) {
      known.told = recall.handshake;
      for (const [method, pages] of Object.entries(recall.lists)) lists.set(method as ListMethod, new Map(Object.entries(pages)));
    },
  };
  return known;
}

/** The version of the protocol that a client's `initialize` asks for. */
export function askedVersion(initialize: Envelope): string | null {
  const params = valueAt(initialize, initialize.paramsAt);
  return isRecord(params) && typeof params['protocolVersion'] === 'string' ? params['protocolVersion'] : null;
}

/** The name under which the client introduced itself. */
export function clientName(initialize: Envelope): string | null {
  const params = valueAt(initialize, initialize.paramsAt);
  const info = isRecord(params) ? params['clientInfo'] : undefined;
  return isRecord(info) && typeof info['name'] === 'string' ? info['name'] : null;
}

/** Who a server says it is, by the JSON text of its handshake result. */
export function identityOf(handshake: string): Identity {
  const result = JSON.parse(handshake) as unknown;
  const meta = isRecord(result) && isRecord(result['_meta']) ? result['_meta']['io.modelcontextprotocol/serverInfo'] : undefined;
  const info = meta ?? (isRecord(result) ? result['serverInfo'] : undefined);
  const text = (value: unknown) => (typeof value === 'string' ? value : null);
  return {
    name: isRecord(info) ? text(info['name']) : null,
    version: isRecord(info) ? text(info['version']) : null,
    protocol: isRecord(result) ? text(result['protocolVersion']) : null,
  };
}

function paramsText({ bytes, paramsAt }: Envelope): string {
  return paramsAt === null ? '{}' : bytes.toString('utf8', paramsAt.start, paramsAt.end);
}

function uriOf(request: Envelope): string | null {
  const params = valueAt(request, request.paramsAt);
  return isRecord(params) && typeof params['uri'] === 'string' ? params['uri'] : null;
}
