import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evidence, target } from '../model/examples.ts';
import { createRedactor } from '../model/redact.ts';
import { createSharedRun, type ProbeContext } from './context.ts';
import { probeProxy, proxyUrl } from './proxy.ts';

const EVIDENCE = evidence(target('http://mcp.corp:3000/mcp'));

function contextOf(environment: Readonly<Record<string, string>>, signal = new AbortController().signal): ProbeContext {
  return {
    request: { url: new URL(EVIDENCE.target.display), headers: {}, environment, caFile: null },
    signal,
    options: { answerMs: 1000, patienceMs: 0, start: null, exec: false },
    redact: createRedactor(),
    shared: createSharedRun(new Set()),
  };
}

test('without a proxy nothing is reached for', async () => {
  const context = contextOf({ NO_PROXY: 'localhost' });
  const found = await probeProxy(context, EVIDENCE);
  assert.equal(found.effective.proxy, null);
  assert.equal(found.reach, null);
  assert.equal(proxyUrl(context, EVIDENCE), null);
});

test('the credentials go to the connection and are masked everywhere else', async () => {
  const context = contextOf({ http_proxy: 'http://jo:s%40crect%25@127.0.0.1:1' }, AbortSignal.abort());
  const found = await probeProxy(context, EVIDENCE);
  assert.equal(found.effective.proxy, 'http://127.0.0.1:1');
  assert.equal(context.redact.text('said s@crect% and s%40crect%25'), 'said *** and ***');
  const url = proxyUrl(context, EVIDENCE);
  assert.equal(decodeURIComponent(url?.password ?? ''), 's@crect%');
  assert.equal(decodeURIComponent(url?.username ?? ''), 'jo');
});
