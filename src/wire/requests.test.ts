import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  discoverRequest,
  endSessionHeaders,
  initializedNotification,
  initializeRequest,
  legacyToolsRequest,
  modernToolsRequest,
  SSE_REQUEST,
} from './requests.ts';

const ACCEPT = { accept: 'application/json, text/event-stream', 'content-type': 'application/json' };
const META =
  '{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{},"io.modelcontextprotocol/clientInfo":{"name":"mcpreach","version":"0"}}';

describe('the literal requests', () => {
  it('the universal probe names method and version in headers and carries a session id that nobody handed out', () => {
    const request = discoverRequest('mcpreach-probe-1');
    assert.equal(request.method, 'POST');
    assert.deepEqual(request.headers, {
      ...ACCEPT,
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'server/discover',
      'mcp-session-id': 'mcpreach-probe-1',
    });
    assert.equal(request.body, `{"jsonrpc":"2.0","id":"mcpreach-1","method":"server/discover","params":{"_meta":${META}}}`);
  });

  it('initialize carries no session id and no version header', () => {
    const request = initializeRequest();
    assert.deepEqual(request.headers, ACCEPT);
    assert.equal(
      request.body,
      '{"jsonrpc":"2.0","id":"mcpreach-2","method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"mcpreach","version":"0"}}}',
    );
  });

  it('the notification has no id; session and version are headers', () => {
    const request = initializedNotification('s-1', '2025-06-18');
    assert.equal(request.id, null);
    assert.deepEqual(request.headers, { ...ACCEPT, 'mcp-protocol-version': '2025-06-18', 'mcp-session-id': 's-1' });
    assert.equal(request.body, '{"jsonrpc":"2.0","method":"notifications/initialized"}');
    assert.equal('mcp-session-id' in initializedNotification(null, '2025-06-18').headers, false);
  });

  it('the tools are asked for page by page, each with an id of its own', () => {
    assert.equal(
      legacyToolsRequest('s-1', '2025-11-25', 1, null).body,
      '{"jsonrpc":"2.0","id":"mcpreach-tools-1","method":"tools/list","params":{}}',
    );
    assert.equal(
      legacyToolsRequest('s-1', '2025-11-25', 2, 'c').body,
      '{"jsonrpc":"2.0","id":"mcpreach-tools-2","method":"tools/list","params":{"cursor":"c"}}',
    );
    const modern = modernToolsRequest('2026-07-28', 2, 'c');
    assert.deepEqual(modern.headers, { ...ACCEPT, 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/list' });
    assert.equal(modern.body, `{"jsonrpc":"2.0","id":"mcpreach-tools-2","method":"tools/list","params":{"cursor":"c","_meta":${META}}}`);
  });

  it('the older stream is a GET for events only', () => {
    assert.deepEqual(SSE_REQUEST, { name: 'sse', method: 'GET', headers: { accept: 'text/event-stream' }, id: null, body: null });
  });

  it('a session is ended under the version it was opened with, if that is known', () => {
    assert.deepEqual(endSessionHeaders('s-1', '2025-11-25'), { 'mcp-session-id': 's-1', 'mcp-protocol-version': '2025-11-25' });
    assert.deepEqual(endSessionHeaders('s-1', null), { 'mcp-session-id': 's-1' });
  });
});
