/** The literal MCP requests the doctor sends. */
import { LEGACY_REVISIONS, MODERN_REVISIONS } from '../facts/revisions.ts';
import type { McpRequestName } from '../model/evidence.ts';

/** What the doctor calls itself towards servers. */
export const CLIENT_INFO = { name: 'mcpreach', version: '0' } as const;

export const SESSION_HEADER = 'mcp-session-id';

export interface McpRequest {
  readonly name: McpRequestName;
  readonly method: 'POST' | 'GET' | 'DELETE';
  readonly headers: Readonly<Record<string, string>>;
  /** JSON-RPC id of the request, null for notifications and GET. */
  readonly id: string | null;
  readonly body: string | null;
}

const POST_HEADERS = { accept: 'application/json, text/event-stream', 'content-type': 'application/json' };

/** `_meta` of every request since 2026-07-28 (basic/index, per-request metadata). */
function modernMeta(version: string): object {
  return {
    'io.modelcontextprotocol/protocolVersion': version,
    'io.modelcontextprotocol/clientCapabilities': {},
    'io.modelcontextprotocol/clientInfo': CLIENT_INFO,
  };
}

function post(name: McpRequestName, id: string | null, params: object | null, headers: Record<string, string>): McpRequest {
  const body = JSON.stringify({ jsonrpc: '2.0', ...(id === null ? {} : { id }), method: name, ...(params === null ? {} : { params }) });
  return { name, method: 'POST', headers: { ...POST_HEADERS, ...headers }, id, body };
}

/**
 * The universal probe: tells era and liveness with one request and without a session. The made-up session id is
 * ignored by modern and by stateless servers; stateful legacy servers look it up and refuse before they create anything.
 */
export function discoverRequest(madeUpSession: string, version: string = MODERN_REVISIONS[0]): McpRequest {
  return post(
    'server/discover',
    'mcpreach-1',
    { _meta: modernMeta(version) },
    {
      'mcp-protocol-version': version,
      'mcp-method': 'server/discover',
      [SESSION_HEADER]: madeUpSession,
    },
  );
}

/** The handshake of every revision up to 2025-11-25. */
export function initializeRequest(version: string = LEGACY_REVISIONS[0]): McpRequest {
  return post('initialize', 'mcpreach-2', { protocolVersion: version, capabilities: {}, clientInfo: CLIENT_INFO }, {});
}

function sessionHeaders(session: string | null, version: string): Record<string, string> {
  return { 'mcp-protocol-version': version, ...(session === null ? {} : { [SESSION_HEADER]: session }) };
}

export function initializedNotification(session: string | null, version: string): McpRequest {
  return post('notifications/initialized', null, null, sessionHeaders(session, version));
}

export function legacyToolsRequest(session: string | null, version: string, page: number, cursor: string | null): McpRequest {
  return post('tools/list', `mcpreach-tools-${page}`, cursor === null ? {} : { cursor }, sessionHeaders(session, version));
}

export function modernToolsRequest(version: string, page: number, cursor: string | null): McpRequest {
  const params = { ...(cursor === null ? {} : { cursor }), _meta: modernMeta(version) };
  return post('tools/list', `mcpreach-tools-${page}`, params, { 'mcp-protocol-version': version, 'mcp-method': 'tools/list' });
}

/** Opens the stream of the older HTTP+SSE transport (2024-11-05). */
export const SSE_REQUEST: McpRequest = { name: 'sse', method: 'GET', headers: { accept: 'text/event-stream' }, id: null, body: null };

/** Ends a session that our own handshake opened (basic/transports, session management). */
export function endSessionHeaders(session: string, version: string | null): Record<string, string> {
  return { [SESSION_HEADER]: session, ...(version === null ? {} : { 'mcp-protocol-version': version }) };
}
