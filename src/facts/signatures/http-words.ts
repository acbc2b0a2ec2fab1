import type { Signature } from './signature.ts';

const AUTHORIZATION = 'https://modelcontextprotocol.io/specification/2025-11-25/basic/authorization';
const TRANSPORTS = 'https://modelcontextprotocol.io/specification/2025-11-25/basic/transports';

/** What MCP servers and SDKs say over HTTP: hosts, sessions, revisions, credentials, limits. */
export const HTTP_WORDS: readonly Signature[] = [
  {
    id: 'host-or-origin',
    says: 'tells of a Host or Origin that is not allowed',
    source: `${TRANSPORTS}#security-warning`,
    pattern:
      /Invalid (?:Host|Origin)\b|Misdirected Request|DNS rebinding|(?:Host|Origin)(?: header)?\b[^\n]{0,60}\bnot (?:allowed|permitted|in the allow)|(?:only|not) allowed (?:at|from|for) (?:host|origin|localhost|[\w.-]{1,80}:\d)/i,
    causes: { 'origin-host-rejected': 12 },
  },
  {
    id: 'session-unknown',
    says: 'tells of a session that the server does not know',
    source: `${TRANSPORTS}#session-management`,
    pattern:
      /No valid session(?: ID)?|Session (?:ID )?(?:was )?not found|session (?:has )?(?:been )?(?:terminated|expired)|Invalid session|Missing session ?ID|Mcp-Session-Id header is required|Server not initialized|(?:unknown|no) session ?id|Could not find session/i,
    causes: { 'session-lost': 11 },
  },
  {
    id: 'request-before-initialize',
    says: 'tells of a request that came before the handshake was complete',
    source: 'https://github.com/modelcontextprotocol/python-sdk/issues/423',
    pattern: /before initialization was complete|Server already initialized/i,
    causes: { 'session-lost': 6, 'server-bug': 4, 'client-bug': 3 },
  },
  {
    id: 'revision-unknown',
    says: 'tells of a protocol revision that one side does not know',
    source: 'https://modelcontextprotocol.io/specification/2025-11-25/basic/lifecycle#version-negotiation',
    pattern:
      /unsupported (?:mcp )?protocol[- ]?version|protocol version\b[^\n]{0,40}\bnot supported|(?:unsupported|invalid|mismatch|unknown|bad)[^\n]{0,40}(?:protocolVersion|MCP-Protocol-Version)|(?:protocolVersion|MCP-Protocol-Version)[^\n]{0,60}(?:unsupported|not supported|mismatch|invalid|expected)|UnsupportedProtocolVersion|protocol version mismatch/i,
    causes: { 'protocol-version': 12 },
  },
  {
    id: 'negotiation-failed',
    says: 'says that revisions were not agreed on',
    source: 'https://modelcontextprotocol.io/specification/2025-11-25/basic/lifecycle#version-negotiation',
    pattern: /version negotiation failed/i,
    causes: { 'protocol-version': 3, 'proxy-intercepts': 2 },
  },
  {
    id: 'must-accept-stream',
    says: 'wants an answer as an event stream',
    source: `${TRANSPORTS}#sending-messages-to-the-server`,
    pattern: /Client must accept|Not Acceptable/i,
    causes: { 'wrong-transport': 6, 'sse-legacy': 2, 'client-bug': 1 },
  },
  {
    id: 'get-stream-refused',
    says: 'tells of the optional stream of Streamable HTTP, which the server does not offer and the client insists on',
    source: 'https://github.com/modelcontextprotocol/typescript-sdk/issues/1635',
    pattern: /Failed to open SSE stream|Unrecognized server error when connecting to SSE stream/i,
    causes: { 'client-bug': 4, 'server-bug': 2, 'wrong-path': 2, 'stream-buffered': 1, 'sse-legacy': 1 },
  },
  {
    id: 'stream-ended',
    says: 'tells of an event stream that ended',
    source: 'https://github.com/modelcontextprotocol/typescript-sdk/issues/1211',
    pattern:
      /SSE stream disconnected|TypeError: terminated|BodyTimeout|BODY_TIMEOUT|incomplete chunked read|Maximum reconnection attempts/i,
    causes: { 'server-bug': 4, 'stream-buffered': 3, 'connection-reset': 2, 'client-bug': 1, 'session-lost': 1 },
  },
  {
    id: 'login-wanted',
    says: 'asks for a login',
    source: AUTHORIZATION,
    pattern:
      /\bUnauthorized\b|invalid_token|WWW-Authenticate|OAuth (?:authorization (?:failed|required)|login required)|(?:authorization|authentication) (?:is )?required|Authorization with the MCP server failed|session token|not (?:logged|signed) in|needs authentication/i,
    causes: { 'auth-required': 6, 'auth-rejected': 4 },
  },
  {
    id: 'credentials-refused',
    says: 'tells of credentials that were refused',
    source: 'https://www.rfc-editor.org/rfc/rfc6750#section-3.1',
    pattern:
      /invalid (?:api[ -]?key|(?:access )?token|credentials)|token (?:has |is )?expired|insufficient_scope|bad credentials|jwt (?:expired|malformed)|invalid audience|invalid_grant/i,
    causes: { 'auth-rejected': 8 },
  },
  {
    id: 'registration-failed',
    says: 'tells of a client registration that failed',
    source: 'https://www.rfc-editor.org/rfc/rfc7591',
    pattern: /dynamic(?:ally)?[ _](?:client )?regist|\/register\b|client registration|registration request failed|InvalidClientMetadata/i,
    causes: { 'client-bug': 5, 'auth-required': 4, 'server-bug': 1, 'wrong-path': -4 },
  },
  {
    id: 'too-many-requests',
    says: 'tells of too many requests',
    source: 'https://www.rfc-editor.org/rfc/rfc6585#section-4',
    pattern: /too many requests|rate[- _]?limit|throttled|quota (?:was )?exceeded|limit[_ ]reached/i,
    causes: { 'rate-limited': 11 },
  },
  {
    id: 'internal-error',
    says: 'tells of an internal error of the server',
    source: 'https://www.jsonrpc.org/specification#error_object',
    pattern: /Internal (?:Server )?Error|INTERNAL_ERROR|-32603/i,
    causes: { 'server-error': 4, 'server-bug': 2.5, 'client-bug': 2 },
  },
  {
    id: 'rpc-error',
    says: 'is a JSON-RPC error about the request itself',
    source: 'https://www.jsonrpc.org/specification#error_object',
    pattern: /-3260[0-2]\b|Method not found|Invalid (?:request parameters|params)\b/i,
    causes: { 'mcp-error': 5, 'server-bug': 2, 'protocol-version': 1, 'client-bug': 1 },
  },
];
