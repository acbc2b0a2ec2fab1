/** What the server has told about its tools, prompts and resources, as it told it: to compare servers, and to answer while there is none. */
import { type Envelope, idOf, valueAt } from '../wire/envelope.ts';
import { isRecord } from '../wire/json-rpc.ts';
import { requestOf } from './own-messages.ts';

/** Methods whose results are lists, with the member that holds the items and the notification that tells of a change. */
export const LISTS = {
  'tools/list': { member: 'tools', changed: 'notifications/tools/list_changed' },
  'prompts/list': { member: 'prompts', changed: 'notifications/prompts/list_changed' },
  'resources/list': { member: 'resources', changed: 'notifications/resources/list_changed' },
  'resources/templates/list': { member: 'resourceTemplates', changed: 'notifications/resources/list_changed' },
} as const;

export type ListMethod = keyof typeof LISTS;

/** JSON texts of result pages by the cursor that asks for them; the first page has the cursor ''. */
export type Pages = ReadonlyMap<string, string>;

export function isListMethod(method: string): method is ListMethod {
  return Object.hasOwn(LISTS, method);
}

/** The cursor a list request asks for. */
export function cursorOf(request: Envelope): string {
  const params = valueAt(request, request.paramsAt);
  return isRecord(params) && typeof params['cursor'] === 'string' ? params['cursor'] : '';
}

/** The cursor of the page after this one; null when it is the last. */
export function nextCursor(page: unknown): string | null {
  return isRecord(page) && typeof page['nextCursor'] === 'string' ? page['nextCursor'] : null;
}

/** All items, first page first; null when pages are missing. Cursors are the server's own affair and do not count. */
export function itemsOf(method: ListMethod, pages: Pages): readonly unknown[] | null {
  const items: unknown[] = [];
  const seen = new Set<string>();
  for (let cursor: string | null = ''; cursor !== null; ) {
    const text: string | undefined = pages.get(cursor);
    if (text === undefined || seen.has(cursor)) return null;
    seen.add(cursor);
    const page = JSON.parse(text) as unknown;
    const found = isRecord(page) ? page[LISTS[method].member] : undefined;
    if (!Array.isArray(found)) return null;
    items.push(...(found as unknown[]));
    cursor = nextCursor(page);
  }
  return items;
}

/** Whether two servers list the same, in whatever order and on however many pages. */
export function isSameList(one: readonly unknown[], other: readonly unknown[]): boolean {
  const texts = (items: readonly unknown[]) => items.map((item) => JSON.stringify(item)).sort();
  return JSON.stringify(texts(one)) === JSON.stringify(texts(other));
}

export interface ComparisonContext {
  /** An id that no request had before. */
  readonly newId: () => string;
  /** `_meta` of every request since 2026-07-28; null before. */
  readonly meta: object | null;
  ask(request: Envelope): Promise<{ readonly kind: 'response'; readonly response: Envelope } | { readonly kind: 'failed' }>;
}

/** Notifications that are due since the server lists something else than what the client was given. Lists it never saw do not count. */
export async function changedLists(
  seen: (method: ListMethod) => Pages | undefined,
  context: ComparisonContext,
): Promise<readonly string[]> {
  const due = new Set<string>();
  for (const method of Object.keys(LISTS) as ListMethod[]) {
    const before = seen(method);
    const items = before === undefined ? null : itemsOf(method, before);
    if (items === null) continue;
    const fresh = await readList(method, context);
    if (fresh !== null && !isSameList(items, fresh)) due.add(LISTS[method].changed);
  }
  return [...due];
}

/** More pages than this no server of this world has; a cursor that never ends must not keep us. */
const MOST_PAGES = 1_000;

async function readList(method: ListMethod, { newId, meta, ask }: ComparisonContext): Promise<readonly unknown[] | null> {
  const pages = new Map<string, string>();
  for (let cursor = ''; pages.size < MOST_PAGES; ) {
    const params = { ...(cursor === '' ? {} : { cursor }), ...(meta === null ? {} : { _meta: meta }) };
    const reply = await ask(requestOf(newId(), method, JSON.stringify(params)));
    if (reply.kind === 'failed' || reply.response.resultAt === null) return null;
    const { start, end } = reply.response.resultAt;
    const text = reply.response.bytes.toString('utf8', start, end);
    pages.set(cursor, text);
    const next = nextCursor(JSON.parse(text));
    if (next === null || pages.has(next)) break;
    cursor = next;
  }
  return itemsOf(method, pages);
}

const SUBSCRIPTION_ID = 'io.modelcontextprotocol/subscriptionId';

/** The id of the request that opened the subscription which a notification belongs to, as JSON; null where it names none. */
export function subscriptionOf(notification: Envelope): string | null {
  const params = valueAt(notification, notification.paramsAt);
  const meta = isRecord(params) && isRecord(params['_meta']) ? params['_meta'] : {};
  return idOf(meta[SUBSCRIPTION_ID]);
}

/** Members of a subscription's filter by the notification that they ask for (2026-07-28, basic/patterns/subscriptions). */
const FILTERS: Readonly<Record<string, string>> = {
  'notifications/tools/list_changed': 'toolsListChanged',
  'notifications/prompts/list_changed': 'promptsListChanged',
  'notifications/resources/list_changed': 'resourcesListChanged',
};

/** A notification as this subscription gets it; null when it did not ask for it. Since 2026-07-28 there is no other way to be told. */
export function onSubscription(listen: Envelope, method: string): object | null {
  const params = valueAt(listen, listen.paramsAt);
  const filter = isRecord(params) && isRecord(params['notifications']) ? params['notifications'] : {};
  if (listen.id === null || filter[FILTERS[method] ?? ''] !== true) return null;
  return { jsonrpc: '2.0', method, params: { _meta: { [SUBSCRIPTION_ID]: JSON.parse(listen.id) as unknown } } };
}
