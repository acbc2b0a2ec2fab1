import type { Signature } from './signature.ts';

/** HTTP statuses (RFC 9110) and what MCP servers and their SDKs say with them. */
export const HTTP: readonly Signature[] = [
  { says: 'names HTTP 401', status: [401], causes: { 'auth-required': 6, 'auth-rejected': 4 } },
  {
    says: 'names HTTP 403',
    status: [403],
    causes: { 'auth-rejected': 3, 'origin-host-rejected': 3, 'auth-required': 1, 'proxy-intercepts': 2 },
  },
  { says: 'names HTTP 404', status: [404], causes: { 'wrong-path': 6, 'sse-legacy': 1, 'wrong-transport': 1, 'session-lost': 1 } },
  { says: 'names HTTP 405', status: [405], causes: { 'sse-legacy': 4, 'wrong-transport': 3, 'wrong-path': 2 } },
  { says: 'names HTTP 406', status: [406], causes: { 'wrong-transport': 5, 'sse-legacy': 3, 'client-bug': 1 } },
  {
    says: 'names HTTP 400',
    status: [400],
    causes: { 'session-lost': 1.5, 'protocol-version': 1.5, 'wrong-transport': 1.5, 'sse-legacy': 1 },
  },
  {
    says: 'names HTTP 400 for an event stream',
    status: [400],
    when: { transport: ['sse'] },
    causes: { 'wrong-transport': 5, 'sse-legacy': 4 },
  },
  {
    says: 'names HTTP 404 for an event stream',
    status: [404, 405],
    when: { transport: ['sse'] },
    causes: { 'sse-legacy': 3, 'wrong-transport': 2 },
  },
  { says: 'names HTTP 407', status: [407], causes: { 'proxy-intercepts': 12 } },
  { says: 'names HTTP 421', status: [421], causes: { 'origin-host-rejected': 10 } },
  { says: 'names HTTP 429', status: [429], causes: { 'rate-limited': 12 } },
  { says: 'names HTTP 500', status: [500, 501], causes: { 'server-error': 5, 'server-bug': 2 } },
  { says: 'names the status of a gateway', status: [502], causes: { 'upstream-down': 9, 'server-not-running': 1, 'server-error': 1 } },
  {
    says: 'names the status of a gateway',
    status: [503],
    causes: { 'upstream-down': 6, 'rate-limited': 2, 'startup-race': 1, 'server-error': 2 },
  },
  {
    says: 'names the status of a gateway that waited in vain',
    status: [504],
    causes: { 'upstream-down': 8, 'timeout-hang': 2, 'timeout-slow-start': 1 },
  },
  { says: 'names a redirect', status: [301, 302, 303, 307, 308], causes: { redirect: 6, 'wrong-path': 3 } },
  {
    says: 'shows a redirect from one form of the path to the other',
    status: [301, 302, 307, 308],
    pattern: /\/(?:mcp|sse)\/[ "]/,
    causes: { 'wrong-path': 5, redirect: 2 },
  },
  {
    says: 'shows a server of another path than the one that is asked for',
    status: [404],
    pattern: /https?:\/\/[^\s"]+\/sse\b/,
    and: /\/mcp\b/,
    causes: { 'wrong-path': 4, 'sse-legacy': 3 },
  },
  {
    says: 'tells of a Host or Origin that is not allowed',
    pattern:
      /Invalid Host(?: header)?\b|Invalid Origin|Misdirected Request|DNS rebinding|Access is only allowed at|Host header is not allowed|Origin (?:header )?(?:is )?not allowed/i,
    causes: { 'origin-host-rejected': 12 },
  },
  {
    says: 'tells of a session that the server does not know',
    pattern:
      /No valid session ID|Session not found|session (?:has )?(?:terminated|expired)|Invalid session|Missing session ID|Mcp-Session-Id header is required|Server not initialized|unknown session/i,
    causes: { 'session-lost': 11 },
  },
  {
    says: 'tells of a protocol revision that one side does not know',
    pattern:
      /unsupported protocol[- ]version|protocol version is not supported|protocolVersion|UnsupportedProtocolVersion|MCP-Protocol-Version/i,
    causes: { 'protocol-version': 12 },
  },
  {
    says: 'says that revisions were not agreed on',
    pattern: /version negotiation failed/i,
    causes: { 'protocol-version': 3, 'proxy-intercepts': 2 },
  },
  {
    says: 'wants an answer as an event stream',
    pattern: /Client must accept (?:both )?(?:application\/json|text\/event-stream)|Not Acceptable/i,
    causes: { 'wrong-transport': 6, 'sse-legacy': 2, 'client-bug': 1 },
  },
  {
    says: 'got an answer that is no event stream, or no MCP',
    pattern:
      /Invalid content type, expected "text\/event-stream"|Unexpected content type|Expected response header Content-Type|Unexpected token '?<'?|<!DOCTYPE html|invalid character '<'/i,
    causes: { 'not-mcp': 6, 'wrong-path': 3, 'wrong-transport': 2 },
  },
  {
    says: 'asks for a login',
    pattern:
      /\bUnauthorized\b|invalid_token|WWW-Authenticate|OAuth (?:authorization failed|login required)|authorization required|authentication required|Authorization with the MCP server failed|session token/i,
    causes: { 'auth-required': 6, 'auth-rejected': 4 },
  },
  {
    says: 'tells of credentials that were refused',
    pattern: /invalid (?:api[ -]?key|token|credentials)|token (?:has )?expired|insufficient_scope|bad credentials|jwt expired|audience/i,
    causes: { 'auth-rejected': 8 },
  },
  {
    says: 'tells of a client registration that failed',
    pattern: /dynamic(?:ally)?[ _]regist|Cannot POST \/register|client registration/i,
    causes: { 'client-bug': 4, 'auth-required': 3, 'wrong-path': -2 },
  },
  {
    says: 'tells of too many requests',
    pattern: /too many requests|rate limit|throttled|quota exceeded/i,
    causes: { 'rate-limited': 11 },
  },
  {
    says: 'is the page of a gateway',
    pattern: /Bad Gateway|Gateway Time-?out|Service Unavailable|upstream connect error|no healthy upstream/i,
    causes: { 'upstream-down': 4 },
  },
  {
    says: 'tells of an event stream that ended',
    pattern: /SSE stream disconnected|terminated\b.*\bSSE|BodyTimeout|BODY_TIMEOUT|Failed to open SSE stream/i,
    causes: { 'stream-buffered': 2, 'connection-reset': 2, 'server-bug': 2, 'client-bug': 1 },
  },
  {
    says: 'tells of an internal error of the server',
    pattern: /Internal Server Error|INTERNAL_ERROR|-32603/i,
    causes: { 'server-error': 4, 'server-bug': 2, 'client-bug': 1 },
  },
];
