import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import type { ProxyEvidence } from '../../src/model/proxy.ts';
import { evidence, target } from '../../src/model/examples.ts';
import { createRedactor } from '../../src/model/redact.ts';
import { createSharedRun } from '../../src/probes/context.ts';
import { probeProxy } from '../../src/probes/proxy.ts';

function probe(http_proxy: string): Promise<ProxyEvidence> {
  const context = {
    request: { url: new URL('http://mcp.corp.test/'), headers: {}, environment: { http_proxy }, caFile: null },
    signal: new AbortController().signal,
    options: { answerMs: 1000, patienceMs: 0, start: null, exec: false },
    redact: createRedactor(),
    shared: createSharedRun(new Set()),
  };
  return probeProxy(context, evidence(target('http://mcp.corp.test/')));
}

test('the reach of a proxy: open, then refused once it has gone', async () => {
  const server = createServer((socket) => socket.end()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const open = await probe(`http://127.0.0.1:${port}`);
  assert.deepEqual(
    open.reach?.attempts.map(({ outcome, port: at }) => [outcome, at]),
    [['open', port]],
  );
  server.close();
  await once(server, 'close');
  const gone = await probe(`http://127.0.0.1:${port}`);
  assert.deepEqual(
    gone.reach?.attempts.map(({ outcome }) => outcome),
    ['refused'],
  );
});

test('the proxy is resolved by name, every address of it tried', async () => {
  const { reach } = await probe('http://localhost:1');
  assert.equal(reach?.error, null);
  assert.ok(reach.attempts.some(({ address }) => address === '127.0.0.1'));
});

test('a value that cannot be used is reached for nowhere', async () => {
  const { effective, reach } = await probe('proxy.corp:3128');
  assert.equal(effective.unusable, true);
  assert.equal(reach, null);
});
