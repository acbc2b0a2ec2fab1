import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clientNamed } from '../../test/rig/clients.ts';
import { startupLimitMs } from './limit.ts';

test("the limit is the entry's own, else the variable's, else the client's", () => {
  const code = clientNamed('claude-code');
  assert.equal(startupLimitMs(code, { timeoutMs: 7000 }, { MCP_TIMEOUT: '9000' }), 7000);
  assert.equal(startupLimitMs(code, { timeoutMs: null }, { MCP_TIMEOUT: '9000' }), 9000);
  assert.equal(startupLimitMs(code, { timeoutMs: null }, { MCP_TIMEOUT: 'soon' }), 30_000);
  assert.equal(startupLimitMs(clientNamed('vscode'), { timeoutMs: null }, {}), null);
});
