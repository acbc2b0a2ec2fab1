import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messageOf } from './envelope.ts';
import { createModernHeaders, headerValue } from './modern-headers.ts';

const META = { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' };

test('headers repeat what the body says', () => {
  const headers = createModernHeaders();
  assert.deepEqual(headers.headersFor(messageOf({ id: 1, method: 'tools/list', params: {} })), null);
  assert.deepEqual(headers.headersFor(messageOf({ method: 'notifications/x' })), null);
  assert.deepEqual(headers.headersFor(messageOf({ id: 1, method: 'resources/read', params: { _meta: META, uri: 'file:///ä' } })), {
    'mcp-protocol-version': '2026-07-28',
    'mcp-method': 'resources/read',
    'mcp-name': '=?base64?ZmlsZTovLy/DpA==?=',
  });
  assert.deepEqual(headers.headersFor(messageOf({ method: 'notifications/x' })), {
    'mcp-protocol-version': '2026-07-28',
    'mcp-method': 'notifications/x',
  });
});

test('annotated arguments become headers, absent and foreign ones do not', () => {
  const headers = createModernHeaders();
  const inputSchema = {
    properties: {
      region: { type: 'string', 'x-mcp-header': 'Region' },
      deep: { properties: { dry: { type: 'boolean', 'x-mcp-header': 'Dry' }, bad: { 'x-mcp-header': 'a b' } } },
      list: { items: { 'x-mcp-header': 'Never' } },
      none: { 'x-mcp-header': 'None' },
    },
  };
  const list = messageOf({ id: 1, method: 'tools/list', params: { _meta: META } });
  headers.learn(list, messageOf({ id: 1, result: { tools: [{ name: 'sql', inputSchema }] } }));
  const call = { name: 'sql', arguments: { region: 'us-west1', deep: { dry: true, bad: 'x' }, list: ['x'], none: null }, _meta: META };
  const sent = headers.headersFor(messageOf({ id: 2, method: 'tools/call', params: call }));
  assert.deepEqual(sent, {
    'mcp-protocol-version': '2026-07-28',
    'mcp-method': 'tools/call',
    'mcp-name': 'sql',
    'mcp-param-region': 'us-west1',
    'mcp-param-dry': 'true',
  });
});

test("values are encoded as in the specification's own examples", () => {
  assert.equal(headerValue('us-west1'), 'us-west1');
  assert.equal(headerValue('a b'), 'a b');
  assert.equal(headerValue(''), '');
  assert.equal(headerValue('Hello, 世界'), '=?base64?SGVsbG8sIOS4lueVjA==?=');
  assert.equal(headerValue(' padded '), '=?base64?IHBhZGRlZCA=?=');
  assert.equal(headerValue('line1\nline2'), '=?base64?bGluZTEKbGluZTI=?=');
  assert.equal(headerValue('=?base64?literal?='), '=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?=');
});
