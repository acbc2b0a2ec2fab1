/**
 * What a legacy client hears unasked: one `subscriptions/listen` of ours, kept open. A change of what is wanted opens the
 * next stream before the last one is ended, so that nothing is missed in between; a stream that ends is opened again.
 */
import { sleep } from '../../system/clock.ts';
import { type Envelope, idOf, valueAt } from '../../wire/envelope.ts';
import { memberAt, withMeta } from './members.ts';
import { nextId } from './memory.ts';
import { META, metaValue, recordOf } from './meta.ts';
import { notificationOf, requestOf } from './replies.ts';
import type { Between } from './translator.ts';
import type { Answer } from './upstream.ts';

/** A server that ends every stream at once is asked once a second at first, and twice a minute later. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

export interface Listening {
  /** Listens to the lists that the server announces, and to the wanted resources. */
  start(): void;
  /** Adds or takes away a resource; resolves with the server's refusal, or null when it agreed. */
  want(uri: string, wanted: boolean): Promise<Answer | null>;
  /** Ends the stream, for good. */
  close(): void;
  /** Takes a message of the server that belongs to a stream of ours, and passes on what is in it. */
  take(message: Envelope): boolean;
}

interface Stream {
  readonly id: string;
  readonly filter: string;
  acknowledge: (answer: Answer | null) => void;
  /** Ended by us. */
  isOver: boolean;
}

const CHANGES: ReadonlyMap<string, readonly [capability: string, filter: string]> = new Map([
  ['notifications/tools/list_changed', ['tools', 'toolsListChanged']],
  ['notifications/prompts/list_changed', ['prompts', 'promptsListChanged']],
  ['notifications/resources/list_changed', ['resources', 'resourcesListChanged']],
]);
const UPDATED = 'notifications/resources/updated';

/** Whether the server says that it announces changes of this list. */
function isAnnounced(capabilities: Readonly<Record<string, unknown>>, capability: string): boolean {
  return recordOf(capabilities[capability])['listChanged'] === true;
}

/** The listening of one link; `meta` is the metadata of its requests, as JSON text. */
export function createListening(between: Between, capabilities: Readonly<Record<string, unknown>>, meta: () => string): Listening {
  const { up, deliver, memory, signal } = between;
  const lists = [...CHANGES].filter(([, [capability]]) => isAnnounced(capabilities, capability));
  const uris = new Set<string>();
  const streams = new Map<string, Stream>();
  let current: Stream | null = null;
  let isClosed = false;
  let turn: Promise<unknown> = Promise.resolve();

  function filter(): string {
    const wanted = Object.fromEntries(lists.map(([, [, key]]) => [key, true]));
    return JSON.stringify(uris.size === 0 ? wanted : { ...wanted, resourceSubscriptions: [...uris] });
  }

  /** Makes the open stream the wanted one; one change after the other. */
  function adapt(): Promise<Answer | null> {
    const turned = turn.then(async () => {
      const wanted = filter();
      if (isClosed || signal.aborted || current?.filter === wanted) return null;
      const last = current;
      const refused = wanted === '{}' ? null : await open(wanted);
      if (refused === null && last !== null) stop(last);
      if (wanted === '{}') current = null;
      return refused;
    });
    turn = turned;
    return turned;
  }

  /** Opens a stream; resolves when it is acknowledged, or with what came instead. */
  function open(wanted: string): Promise<Answer | null> {
    return new Promise((resolve) => {
      const id = nextId(memory);
      const stream: Stream = { id, filter: wanted, isOver: false, acknowledge: resolve };
      streams.set(id, stream);
      void up.ask(requestOf(id, 'subscriptions/listen', `{"_meta":${meta()},"notifications":${wanted}}`)).then((answer) => {
        resolve(answer);
        ended(stream);
      });
    });
  }

  function ended(stream: Stream): void {
    streams.delete(stream.id);
    if (current !== stream) return;
    current = null;
    if (!stream.isOver) void renew();
  }

  /** Over stdio a server may end a stream by a message, and give no answer after it. */
  function tornDown(id: string): boolean {
    const stream = streams.get(id);
    if (stream !== undefined) ended(stream);
    return stream !== undefined;
  }

  async function renew(): Promise<void> {
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
      await sleep(pause, signal);
      if (isClosed || signal.aborted || current !== null) return;
      const refused = await adapt();
      if (refused === null) return catchUp();
      if (refused.kind === 'error') return;
    }
  }

  /** Nobody told us what changed while no stream was open, so everything may have. */
  function catchUp(): void {
    for (const [method] of lists) deliver(notificationOf(method, '{}'), null);
    for (const uri of uris) deliver(notificationOf(UPDATED, JSON.stringify({ uri })), null);
  }

  function stop(stream: Stream): void {
    stream.isOver = true;
    cancelUpstream(between, stream.id);
  }

  return {
    start: () => void adapt(),
    want(uri, wanted) {
      if (wanted) uris.add(uri);
      else uris.delete(uri);
      return adapt().then((refused) => {
        if (refused !== null && wanted) uris.delete(uri);
        return refused;
      });
    },
    close() {
      isClosed = true;
      if (current !== null) stop(current);
    },
    take(message) {
      if (message.kind !== 'notification' || message.method === null) return false;
      const isAcknowledged = message.method === 'notifications/subscriptions/acknowledged';
      if (message.method === 'notifications/cancelled') return tornDown(idOf(cancelledId(message)) ?? '');
      if (!isAcknowledged && message.method !== UPDATED && !CHANGES.has(message.method)) return false;
      const id = metaValue(message, META.subscriptionId);
      const stream = streams.get(idOf(id) ?? '');
      if (isAcknowledged && stream !== undefined) {
        current = stream;
        stream.acknowledge(null);
      }
      // Two streams are open for a moment when what is wanted changes: only the newer one is passed on.
      const isHeard = id === undefined || (stream !== undefined && stream === current);
      if (!isAcknowledged && isHeard) deliver(withMeta(message, { [META.subscriptionId]: null }), null);
      return true;
    },
  };
}

/** The request that a `notifications/cancelled` ends. */
export function cancelledId(message: Envelope): unknown {
  return valueAt(message, memberAt(message.bytes, message.paramsAt, 'requestId'));
}

/** Gives up a request at a modern server: the end of its stream over HTTP, a message over stdio. `id` is JSON text. */
export function cancelUpstream({ up, stdio }: Between, id: string, reason?: unknown): void {
  up.abandon(id);
  if (!stdio) return;
  const why = typeof reason === 'string' ? `,"reason":${JSON.stringify(reason)}` : '';
  void up.send(notificationOf('notifications/cancelled', `{"requestId":${id}${why}}`));
}
