/** `--shared`: sessions up to 2025-11-25 on one child. Each client sees a server of its own. */
import { type Envelope, idOf, idText, memberAt, messageOf, readEnvelope, replaceRange, valueAt, withId } from '../../wire/envelope.ts';
import { isRecord } from '../../wire/json-rpc.ts';
import type { LinkFailure, OpenLink } from '../links/link.ts';
import { refusalOf } from '../refusal.ts';
import type { Metrics } from './metrics.ts';
import { type Asked, type Caller, createMux, type Mux } from './mux.ts';
import type { OpenUpstream, UpstreamListener } from './upstream.ts';

export interface Hub {
  readonly open: OpenUpstream;
  readonly mux: Mux;
}

interface Member extends Caller {
  readonly listener: UpstreamListener;
  /** What the client said it can do; empty before its handshake. */
  capabilities: Readonly<Record<string, unknown>>;
  readonly subscribed: Set<string>;
  /** Requests of the child that it was given, by the id it knows: the id the child knows. */
  readonly given: Map<string, string>;
}

/** The capability a client needs for a request of the server. */
const NEEDS: Readonly<Record<string, string>> = {
  'sampling/createMessage': 'sampling',
  'elicitation/create': 'elicitation',
  'roots/list': 'roots',
};

export interface HubOptions {
  readonly open: OpenLink;
  readonly metrics: Metrics;
  readonly note: (line: string) => void;
  readonly onLost: (why: LinkFailure) => void;
}

export function createHub({ open, metrics, note, onLost }: HubOptions): Hub {
  const members = new Set<Member>();
  /** The first client's handshake: what the child is told, again when it is started again. */
  let handshake: { readonly request: Envelope; answer: Promise<Envelope> } | null = null;
  let isAnswered = false;
  let isInitialized = false;
  let level: Envelope | null = null;
  let announced: Readonly<Record<string, unknown>> = {};
  let lastGiven = 0;

  const mux = createMux({
    open,
    metrics,
    note,
    onMessage: fromChild,
    onLost(why) {
      onLost(why);
      for (const member of members) {
        // What the old child asked, nobody will hear the answer to.
        for (const id of member.given.keys())
          tell(member, 'notifications/cancelled', { requestId: Number(id), reason: 'The server has ended.' });
        member.given.clear();
      }
    },
    async greet(direct, again) {
      if (!again || handshake === null || !isAnswered) return true;
      const answer = await direct.request('initialize', handshake.request);
      if (answer === null) return false;
      if (isInitialized) direct.notify(messageOf({ jsonrpc: '2.0', method: 'notifications/initialized' }));
      if (level !== null) await direct.request('logging/setLevel', level);
      const uris = new Set([...members].flatMap((member) => [...member.subscribed]));
      for (const uri of uris) await direct.request('resources/subscribe', { uri });
      for (const kind of ['tools', 'prompts', 'resources']) {
        const capability = announced[kind];
        if (isRecord(capability) && capability['listChanged'] === true)
          everybody(messageOf({ jsonrpc: '2.0', method: `notifications/${kind}/list_changed` }));
      }
      for (const member of members) for (const uri of member.subscribed) tell(member, 'notifications/resources/updated', { uri });
      return true;
    },
  });

  function tell(member: Member, method: string, params: object): void {
    member.listener.onMessage(messageOf({ jsonrpc: '2.0', method, params }), null);
  }

  function everybody(message: Envelope): void {
    for (const { listener } of members) listener.onMessage(message, null);
  }

  /** Requests of clients that run now. */
  function served(): readonly { readonly member: Member; readonly asked: Asked }[] {
    return [...mux.running()].flatMap((asked) => {
      const member = asked.sent ? owners.get(asked.caller) : undefined;
      return member === undefined ? [] : [{ member, asked }];
    });
  }
  const owners = new WeakMap<Caller, Member>();

  /** The one client that is being served, with its request when that is the only one. */
  function beingServed(): { readonly member: Member; readonly of: string | null } | null {
    const all = served();
    const [first] = all;
    if (first === undefined || all.some(({ member }) => member !== first.member)) return null;
    return { member: first.member, of: all.length === 1 ? first.asked.message.id : null };
  }

  function fromChild(message: Envelope): void {
    if (message.kind === 'request') return askClient(message);
    const { method } = message;
    if (method === 'notifications/resources/updated') {
      const uri = valueAt(message, memberAt(message.bytes, message.paramsAt, 'uri'));
      for (const member of members) if (typeof uri === 'string' && member.subscribed.has(uri)) member.listener.onMessage(message, null);
      return;
    }
    if (method === 'notifications/cancelled') return cancelGiven(message);
    const current = method?.endsWith('/list_changed') === true ? null : beingServed();
    if (current === null) everybody(message);
    else current.member.listener.onMessage(message, current.of);
  }

  function askClient(message: Envelope): void {
    const { method } = message;
    if (method === 'ping') return mux.send(readEnvelope(Buffer.from(`{"jsonrpc":"2.0","id":${idText(message)},"result":{}}`)));
    const [only] = members;
    const current = beingServed() ?? (members.size === 1 && only !== undefined ? { member: only, of: null } : null);
    if (current === null) {
      const summary = `mcpreach serves several clients with this process and cannot tell whose call ${method ?? 'this'} belongs to. Without --shared each client has a process of its own.`;
      return mux.send(refusalOf(idText(message), { cause: 'client-policy', summary, remedies: [] }, 'no'));
    }
    const needed = NEEDS[method ?? ''];
    if (needed !== undefined && current.member.capabilities[needed] === undefined) {
      const error = { code: -32601, message: `The client does not support ${needed}` };
      return mux.send(readEnvelope(Buffer.from(`{"jsonrpc":"2.0","id":${idText(message)},"error":${JSON.stringify(error)}}`)));
    }
    lastGiven += 1;
    current.member.given.set(String(lastGiven), idText(message));
    current.member.listener.onMessage(withId(message, String(lastGiven)), current.of);
  }

  function cancelGiven(message: Envelope): void {
    const at = memberAt(message.bytes, message.paramsAt, 'requestId');
    const text = at === null ? null : message.bytes.toString('utf8', at.start, at.end);
    for (const { given, listener } of members) {
      const [id] = [...given].find(([, known]) => known === text) ?? [];
      if (id === undefined || at === null) continue;
      given.delete(id);
      listener.onMessage(readEnvelope(replaceRange(message.bytes, at, id)), null);
    }
  }

  function initialize(member: Member, message: Envelope): void {
    const params = valueAt(message, message.paramsAt);
    const capabilities = isRecord(params) ? params['capabilities'] : undefined;
    member.capabilities = isRecord(capabilities) ? capabilities : {};
    if (handshake === null) {
      const mine = {
        request: message,
        answer: new Promise<Envelope>((resolve) => mux.ask(message, { deliver: resolve })),
      };
      handshake = mine;
      void mine.answer.then((answer) => {
        if (answer.errorAt !== null) {
          if (handshake === mine) handshake = null;
          return;
        }
        isAnswered = true;
        const result = valueAt(answer, answer.resultAt);
        if (isRecord(result) && isRecord(result['capabilities'])) announced = result['capabilities'];
      });
    }
    void handshake.answer.then((answer) => {
      if (members.has(member)) member.listener.onMessage(withId(answer, idText(message)), message.id);
    });
  }

  function request(member: Member, message: Envelope): void {
    const uri = () => valueAt(message, memberAt(message.bytes, message.paramsAt, 'uri'));
    switch (message.method) {
      case 'initialize':
        return initialize(member, message);
      case 'logging/setLevel':
        level = message;
        break;
      case 'resources/subscribe': {
        const wanted = uri();
        if (typeof wanted === 'string') member.subscribed.add(wanted);
        break;
      }
      case 'resources/unsubscribe': {
        const unwanted = uri();
        if (typeof unwanted !== 'string' || !member.subscribed.delete(unwanted) || !isWanted(unwanted)) break;
        member.listener.onMessage(readEnvelope(Buffer.from(`{"jsonrpc":"2.0","id":${idText(message)},"result":{}}`)), message.id);
        return;
      }
      default:
    }
    mux.ask(message, member);
  }

  function isWanted(uri: string): boolean {
    return [...members].some(({ subscribed }) => subscribed.has(uri));
  }

  function notification(member: Member, message: Envelope): void {
    if (message.method === 'notifications/initialized') {
      if (isInitialized) return;
      isInitialized = true;
      return mux.send(message);
    }
    if (message.method !== 'notifications/cancelled') return mux.send(message);
    const at = memberAt(message.bytes, message.paramsAt, 'requestId');
    const id = idOf(valueAt(message, at));
    const asked = id === null ? undefined : mux.numberOf(member, id);
    if (at === null || asked === undefined) return;
    if (asked.sent) mux.send(readEnvelope(replaceRange(message.bytes, at, String(asked.number))));
    else mux.drop(asked);
  }

  return {
    mux,
    open(listener) {
      const member: Member = {
        listener,
        capabilities: {},
        subscribed: new Set(),
        given: new Map(),
        deliver(message) {
          if (members.has(member)) listener.onMessage(message, message.kind === 'response' ? message.id : ownerOf(member, message));
        },
      };
      owners.set(member, member);
      members.add(member);
      return {
        send(message) {
          if (message.kind === 'request') return request(member, message);
          if (message.kind === 'notification') return notification(member, message);
          const known = message.id === null ? undefined : member.given.get(message.id);
          if (message.id === null || known === undefined) return;
          member.given.delete(message.id);
          mux.send(withId(message, known));
        },
        // One client that does not read must not hold up the others; its stream is bounded by the session instead.
        pause: () => undefined,
        resume: () => undefined,
        close() {
          members.delete(member);
          for (const { asked, member: owner } of served()) {
            if (owner !== member) continue;
            mux.drop(asked);
            mux.send(
              messageOf({
                jsonrpc: '2.0',
                method: 'notifications/cancelled',
                params: { requestId: asked.number, reason: 'The client has gone.' },
              }),
            );
          }
          for (const known of member.given.values())
            mux.send(refusalOf(known, { cause: 'session-lost', summary: 'The client has gone.', remedies: [] }, 'unknown'));
          for (const uri of member.subscribed) if (!isWanted(uri)) void mux.request('resources/unsubscribe', { uri });
          return Promise.resolve();
        },
      };
    },
  };

  /** Progress is known by its token, which is the client's own again by now. */
  function ownerOf(member: Member, message: Envelope): string | null {
    const at = memberAt(message.bytes, message.paramsAt, 'progressToken');
    const token = at === null ? null : message.bytes.toString('utf8', at.start, at.end);
    return [...mux.running()].find((one) => one.caller === member && one.token === token)?.message.id ?? null;
  }
}
