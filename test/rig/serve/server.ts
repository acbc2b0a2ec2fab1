/** A small legacy stdio server by hand, for tests of `serve`: what it is asked for by the name of the tool. */
import { createInterface } from 'node:readline';

type Id = string | number;
type Message = {
  readonly id?: Id;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: unknown;
};

let nextId = 0;
const asked = new Map<Id, Id>();
const cancelled: unknown[] = [];
let subscribes = 0;

function send(message: object): void {
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
}

function answer(id: Id, text: string): void {
  send({ id, result: { content: [{ type: 'text', text }] } });
}

function call(id: Id, name: unknown, params: Readonly<Record<string, unknown>>): void {
  const meta = params['_meta'] as Readonly<Record<string, unknown>> | undefined;
  switch (name) {
    case 'whoami':
      return answer(id, String(process.pid));
    case 'wait':
      setTimeout(() => answer(id, 'waited'), 300);
      return;
    case 'never':
      return;
    case 'noisy':
      send({ method: 'notifications/message', params: { level: 'info', data: 'working' } });
      send({ method: 'notifications/progress', params: { progressToken: meta?.['progressToken'], progress: 1 } });
      send({ method: 'notifications/tools/list_changed' });
      return answer(id, 'done');
    case 'ask': {
      const own = nextId;
      nextId += 1;
      asked.set(own, id);
      return send({ id: own, method: 'sampling/createMessage', params: { messages: [], maxTokens: 1 } });
    }
    case 'updates':
      send({ method: 'notifications/resources/updated', params: { uri: 'test://one' } });
      return answer(id, String(subscribes));
    case 'cancelled':
      return answer(id, JSON.stringify(cancelled));
    case 'crash':
      process.stderr.write('the disk is full\n');
      setTimeout(() => process.exit(3), 20);
      return;
    default:
      return answer(id, String((params['arguments'] as Readonly<Record<string, unknown>> | undefined)?.['text']));
  }
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params = {}, result } = JSON.parse(line) as Message;
  if (method === undefined) {
    const waiting = id === undefined ? undefined : asked.get(id);
    if (waiting !== undefined) answer(waiting, JSON.stringify(result ?? 'refused'));
    return;
  }
  if (id === undefined) {
    if (method === 'notifications/cancelled') cancelled.push(params['requestId']);
    return;
  }
  if (method === 'initialize') {
    const capabilities = { tools: { listChanged: true }, resources: { subscribe: true } };
    return send({ id, result: { protocolVersion: params['protocolVersion'], capabilities, serverInfo: { name: 'rig', version: '1' } } });
  }
  if (method === 'tools/list') return send({ id, result: { tools: [{ name: 'whoami', inputSchema: { type: 'object' } }] } });
  if (method === 'tools/call') return call(id, params['name'], params);
  if (method === 'resources/subscribe' || method === 'resources/unsubscribe') {
    subscribes += method === 'resources/subscribe' ? 1 : -1;
    return send({ id, result: {} });
  }
  send({ id, error: { code: -32601, message: 'Method not found' } });
});
