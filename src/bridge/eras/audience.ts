/** What a modern client listens to at a legacy server: `subscriptions/listen` as subscriptions, and notices by stream. */
import { type Envelope, idText, valueAt } from '../../wire/envelope.ts';
import type { LinkFailure, Outcome } from '../links/link.ts';
import { withMeta } from './members.ts';
import { nextId } from './memory.ts';
import { META, recordOf } from './meta.ts';
import { notificationOf, requestOf } from './replies.ts';
import { type Between, DONE } from './translator.ts';

const UPDATED = 'notifications/resources/updated';

/** The notices of changed lists, by their names in a filter, with the capability that announces them. */
const LISTS: readonly { readonly filter: string; readonly capability: string; readonly method: string }[] = [
  { filter: 'toolsListChanged', capability: 'tools', method: 'notifications/tools/list_changed' },
  { filter: 'promptsListChanged', capability: 'prompts', method: 'notifications/prompts/list_changed' },
  { filter: 'resourcesListChanged', capability: 'resources', method: 'notifications/resources/list_changed' },
];

interface Listener {
  readonly id: string;
  readonly idText: string;
  readonly methods: ReadonlySet<string>;
  readonly uris: ReadonlySet<string>;
  readonly settle: (outcome: Outcome) => void;
}

export interface Audience {
  /** Answers `subscriptions/listen`; resolves when the client leaves. */
  listen(request: Envelope): Promise<Outcome>;
  /** The client ends a stream; false when the id is none. */
  leave(id: string): boolean;
  /** Takes a notice that is for listeners only. */
  take(message: Envelope): boolean;
  lost(why: LinkFailure): void;
}

/** The listeners of one link to a server with these capabilities. */
export function createAudience(between: Between, capabilities: Readonly<Record<string, unknown>>): Audience {
  const { up, deliver, memory } = between;
  const listeners = new Map<string, Listener>();
  /** Streams that are still being opened and that the client has left already. */
  const opening = new Map<string, { isLeft: boolean }>();

  const isHeard = (uri: string) => [...listeners.values()].some(({ uris }) => uris.has(uri));

  async function subscribe(uri: string): Promise<boolean> {
    if (isHeard(uri)) return true;
    const answer = await up.ask(requestOf(nextId(memory), 'resources/subscribe', JSON.stringify({ uri })));
    return answer.kind === 'result';
  }

  async function listen(request: Envelope): Promise<Outcome> {
    const id = request.id ?? '';
    const state = { isLeft: false };
    opening.set(id, state);
    const filter = recordOf(recordOf(valueAt(request, request.paramsAt))['notifications']);
    const lists = LISTS.filter((one) => filter[one.filter] === true && recordOf(capabilities[one.capability])['listChanged'] === true);
    const wanted = Array.isArray(filter['resourceSubscriptions']) ? filter['resourceSubscriptions'] : [];
    const canSubscribe = recordOf(capabilities['resources'])['subscribe'] === true;
    const asked = wanted.filter((uri): uri is string => typeof uri === 'string' && canSubscribe);
    const agreed = await Promise.all(asked.map(subscribe));
    const uris = asked.filter((_, index) => agreed[index]);
    opening.delete(id);
    return new Promise((settle) => {
      const one = { id, idText: idText(request), methods: new Set(lists.map(({ method }) => method)), uris: new Set(uris), settle };
      listeners.set(id, one);
      if (state.isLeft) return void leave(id);
      const notifications = {
        ...Object.fromEntries(lists.map((list) => [list.filter, true])),
        ...(uris.length === 0 ? {} : { resourceSubscriptions: uris }),
      };
      const params = `{"_meta":{"${META.subscriptionId}":${one.idText}},"notifications":${JSON.stringify(notifications)}}`;
      deliver(notificationOf('notifications/subscriptions/acknowledged', params), id);
    });
  }

  function leave(id: string): boolean {
    const early = opening.get(id);
    if (early !== undefined) early.isLeft = true;
    const one = listeners.get(id);
    if (one === undefined) return early !== undefined;
    listeners.delete(id);
    for (const uri of one.uris) {
      if (!isHeard(uri)) void up.ask(requestOf(nextId(memory), 'resources/unsubscribe', JSON.stringify({ uri })));
    }
    one.settle(DONE);
    return true;
  }

  function take(message: Envelope): boolean {
    const method = message.method ?? '';
    if (method !== UPDATED && !LISTS.some((one) => one.method === method)) return false;
    const { uri } = method === UPDATED ? recordOf(valueAt(message, message.paramsAt)) : {};
    for (const one of listeners.values()) {
      if (method === UPDATED ? isWithin(one.uris, uri) : one.methods.has(method)) {
        deliver(withMeta(message, { [META.subscriptionId]: one.idText }), one.id);
      }
    }
    return true;
  }

  return {
    listen,
    leave,
    take,
    lost(why) {
      for (const { settle } of listeners.values()) settle({ kind: 'unknown', why });
      listeners.clear();
    },
  };
}

/** A notice may name a part of the resource that was subscribed to (server/resources, subscriptions). */
function isWithin(uris: ReadonlySet<string>, uri: unknown): boolean {
  return typeof uri === 'string' && (uris.has(uri) || [...uris].some((one) => uri.startsWith(one)));
}
