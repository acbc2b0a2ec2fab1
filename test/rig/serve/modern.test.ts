import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Answer, ask, OFFICIAL, post, startService, stream, textOf } from './service.ts';

const META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
  'io.modelcontextprotocol/clientInfo': { name: 'rig', version: '1' },
};

function modern(
  url: string,
  method: string,
  params: object = {},
  headers: Readonly<Record<string, string>> = {},
  id: unknown = 'x',
): Promise<Answer> {
  return post(
    url,
    { jsonrpc: '2.0', id, method, params: { ...params, _meta: META } },
    {
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': method,
      ...headers,
    },
  );
}

const codeOf = ({ json }: Answer) => (json['error'] as { readonly code?: unknown } | undefined)?.code;

test('requests of 2026-07-28 need no session, and their headers must say what their body says', async (t) => {
  const { url } = await startService(t, {}, [OFFICIAL, 'v2']);
  const found = await modern(url, 'server/discover', {}, { 'mcp-session-id': 'made-up' });
  assert.equal(found.status, 200);
  assert.match(found.text, /"supportedVersions":\["2026-07-28"\]/);
  assert.equal(found.headers['mcp-session-id'], undefined);
  const call = await modern(url, 'tools/call', { name: 'add', arguments: { a: 1, b: 2 } }, { 'mcp-name': 'add' }, 7);
  assert.deepEqual([call.status, call.json['id'], textOf(call.json)], [200, 7, '3']);

  const wrong: readonly [string, number, number, Answer][] = [
    ['unknown method', 404, -32_601, await modern(url, 'no/such')],
    ['Mcp-Method', 400, -32_020, await modern(url, 'tools/list', {}, { 'mcp-method': 'tools/call' })],
    ['Mcp-Name', 400, -32_020, await modern(url, 'tools/call', { name: 'add', arguments: { a: 1, b: 2 } }, { 'mcp-name': 'sub' })],
    ['version', 400, -32_020, await post(url, { jsonrpc: '2.0', id: 'x', method: 'tools/list', params: { _meta: META } })],
    [
      'no _meta',
      400,
      -32_602,
      await post(
        url,
        { jsonrpc: '2.0', id: 'x', method: 'tools/list' },
        { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/list' },
      ),
    ],
  ];
  for (const [what, status, code, answer] of wrong)
    assert.deepEqual([answer.status, codeOf(answer), answer.json['id']], [status, code, 'x'], what);
  for (const method of ['GET', 'DELETE']) {
    const { status, headers } = await ask(url, method, { accept: 'text/event-stream', 'mcp-protocol-version': '2026-07-28' });
    assert.deepEqual([status, headers['allow']], [405, 'POST']);
  }
});

test('many at once under the same id are kept apart', async (t) => {
  const { url } = await startService(t, {}, [OFFICIAL, 'v2-modern']);
  const sums = await Promise.all(
    Array.from({ length: 20 }, async (_, index) =>
      textOf((await modern(url, 'tools/call', { name: 'add', arguments: { a: index, b: 1 } }, { 'mcp-name': 'add' })).json),
    ),
  );
  assert.deepEqual(
    sums,
    Array.from({ length: 20 }, (_, index) => String(index + 1)),
  );
});

test('a subscription is a stream under the id of its client', async (t) => {
  const { url } = await startService(t, {}, [OFFICIAL, 'v2']);
  const params = { notifications: { toolsListChanged: true }, _meta: META };
  const listening = await stream(
    url,
    { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'subscriptions/listen' },
    { jsonrpc: '2.0', id: 'sub-1', method: 'subscriptions/listen', params },
  );
  const first = JSON.parse((await listening.next()).data) as {
    readonly method: string;
    readonly params: { readonly _meta: Readonly<Record<string, unknown>> };
  };
  assert.equal(first.method, 'notifications/subscriptions/acknowledged');
  assert.equal(first.params._meta['io.modelcontextprotocol/subscriptionId'], 'sub-1');
  listening.close();
});

test('closing the stream of a call cancels it', async (t) => {
  const child = `
    let seen = [];
    let waiting = 0;
    require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
      const { id, method, params } = JSON.parse(line);
      if (method === 'notifications/cancelled') seen.push(params.requestId);
      if (method === 'tools/wait') waiting += 1;
      if (id === undefined || method === 'tools/wait') return;
      const result = method === 'server/discover' ? { resultType: 'complete', supportedVersions: ['2026-07-28'] } : { seen, waiting };
      console.log(JSON.stringify({ jsonrpc: '2.0', id, result }));
    });`;
  const { url } = await startService(t, {}, ['-e', child]);
  await modern(url, 'server/discover');
  const given = new AbortController();
  const waiting = fetch(url, {
    method: 'POST',
    signal: given.signal,
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'tools/wait',
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/wait', params: { _meta: META } }),
  }).catch(() => null);
  const until = async (fits: (result: { readonly seen: readonly unknown[]; readonly waiting: number }) => boolean) => {
    for (;;) {
      const { json } = await modern(url, 'tools/seen');
      if (fits(json['result'] as { readonly seen: readonly unknown[]; readonly waiting: number })) return;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  // A call that was given up before it was sent needs no cancellation.
  await until(({ waiting: calls }) => calls === 1);
  given.abort();
  await waiting;
  await until(({ seen }) => seen.length === 1);
});
