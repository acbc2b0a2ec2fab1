import type { Signature } from './signature.ts';

const LIFECYCLE = 'https://modelcontextprotocol.io/specification/2025-11-25/basic/lifecycle#timeouts';

/** Answers that did not come in time, and servers that run while what they need does not. */
export const WAITING: readonly Signature[] = [
  {
    id: 'answer-late',
    says: 'tells of an answer that did not come in time',
    source: LIFECYCLE,
    summary: true,
    pattern:
      /-32001\b[^\n]{0,80}(?:timed? ?out)|Request timed out|\brequest timeout\b|took (?:over|more than|longer than) \d|timed out (?:after|waiting)|Connection timeout|Timeout(?:Error|Exception)\b|ReadTimeout|deadline exceeded|TaskCanceledException|(?:within|after) \d{1,9}(?:\.\d{1,9})? ?(?:s\b|sec|seconds|ms\b)/i,
    causes: { 'timeout-slow-start': 4, 'timeout-hang': 4, 'backend-unreachable': 0.5 },
  },
  {
    id: 'start-not-awaited',
    says: 'tells of a start that the client did not wait for',
    source: 'https://github.com/openai/codex/blob/main/docs/config.md#mcp-integration',
    pattern:
      /connection closed: initialize response|startup (?:timed out|timeout)|signal: killed|context canceled|startup_timeout_sec|fail_after\(/i,
    causes: { 'timeout-slow-start': 4.5, 'crash-on-boot': 3, 'client-bug': 1 },
  },
  {
    id: 'handshake-failed',
    says: 'says no more than that the handshake failed while the server started',
    source: 'https://github.com/openai/codex/blob/main/docs/config.md#mcp-integration',
    summary: true,
    pattern: /handshaking with MCP server failed|MCP startup (?:failed|incomplete)/i,
    causes: { 'timeout-slow-start': 2, 'crash-on-boot': 2 },
  },
  {
    id: 'accepted-then-silent',
    says: 'shows a connection that was accepted, and no answer',
    source: LIFECYCLE,
    pattern: /\bConnected to\b/i,
    and: /timed? ?out|no response|ReadTimeout/i,
    causes: { 'timeout-hang': 5, 'timeout-slow-start': -1 },
  },
  {
    id: 'own-limit-exceeded',
    says: 'names a limit of half a minute or more that was used up: starting seldom takes that long, hanging does',
    source: LIFECYCLE,
    pattern: /(?:timed? ?out|timeout)[^\n]{0,40}\b(?:[4-9]\d|[1-9]\d\d)(?:\.\d{1,9})? ?(?:s\b|sec)/i,
    causes: { 'timeout-hang': 2 },
  },
  {
    id: 'not-ready-yet',
    says: 'tells of something that is still starting',
    source: 'https://docs.docker.com/compose/how-tos/startup-order/',
    pattern:
      /not (?:yet )?ready\b|still (?:starting|loading|initiali[sz]ing)|not (?:yet )?available at start|Waiting for (?:server|application) (?:startup|to start)|\bretrying in\b/i,
    causes: { 'startup-race': 4, 'timeout-slow-start': 1.5 },
  },
  {
    id: 'backend-of-server',
    says: 'is of a server that runs and does not get to what stands behind it',
    source: 'https://urllib3.readthedocs.io/en/stable/reference/urllib3.exceptions.html',
    pattern:
      /\berror (?:while )?connecting to (?!(?:the )?(?:MCP|server|client|proxy|localhost|remote)\b)\w{1,80}|(?:Failed|Could ?n[o']t|Unable|Not) (?:to )?connect(?:ed)? to (?!(?:the )?(?:MCP|server|client|proxy|localhost|remote|Docker|\d|https?:)\b)\w{1,80}|Max retries exceeded|(?:database|redis|postgres|mysql|mongo\w{0,80})[^\n]{0,60}(?:refused|timed out|not reachable|unavailable)/i,
    causes: { 'backend-unreachable': 4, 'container-network': 0.5 },
  },
  {
    id: 'backend-app',
    says: 'is of a server that serves a program beside it, and that program is not there or busy with another connection',
    source: 'https://github.com/ahujasid/blender-mcp#troubleshooting',
    pattern:
      /(?:Could ?n[o']t|Cannot|Failed to|Unable to) connect to (?:Blender|Unity|Unreal|Godot|Figma|Revit|Chrome|Obsidian|FreeCAD|Ableton|Photoshop|DaVinci|the (?:editor|add-?on|plugin|browser|extension|app))|\b(?:editor|plugin|add-?on|extension|app|browser) (?:is )?not (?:connected|running|found|reachable)|(?:Blender|Unity|Unreal|Godot|Figma|Revit) connection (?:timed out|failed|lost|closed)/i,
    causes: { 'backend-unreachable': 5, 'port-in-use': 3, 'server-not-running': 2, 'timeout-hang': 1.5 },
  },
  {
    id: 'backend-browser',
    says: 'is of a server whose browser does not start or went away',
    source: 'https://pptr.dev/troubleshooting',
    pattern:
      /Target closed|setDiscoverTargets|TargetCloseError|Failed to launch the browser|browserType\.launch|Executable doesn't exist at|playwright install/i,
    causes: { 'backend-unreachable': 4, 'crash-on-boot': 3, 'permission-denied': 1 },
  },
  {
    id: 'request-failed',
    says: 'says no more than that the request failed',
    source: 'https://fetch.spec.whatwg.org/#concept-network-error',
    summary: true,
    pattern:
      /\bfetch failed\b|Failed to fetch\b|\bFailed to (?:re)?connect\b|Couldn't (?:reach|connect to) the MCP server|\bConnection (?:failed|error)\b|Failed to (?:start|initialize|connect to) (?:single )?(?:MCP )?(?:server|client)|Could not connect to (?:the )?(?:MCP )?server|unhandled errors in a TaskGroup|NetworkError when attempting|error sending request for url/i,
    causes: {
      'server-not-running': 1.5,
      'wrong-port': 0.7,
      'ipv6-localhost': 0.6,
      'dns-failure': 0.4,
      'tls-unknown-ca': 0.4,
      'wrong-transport': 0.4,
    },
  },
  {
    id: 'request-failed-in-container',
    says: 'says no more than that the request failed, in a container',
    source: 'https://docs.docker.com/compose/how-tos/networking/',
    pattern: /\bfetch failed\b|Failed to connect\b|Connection error\b|All connection attempts failed/i,
    when: { system: ['docker'] },
    causes: { 'container-network': 3 },
  },
  {
    id: 'client-in-container',
    says: 'is of a client that mostly runs in a container, where localhost is the container itself',
    source: 'https://docs.n8n.io/hosting/installation/docker/',
    pattern: /Failed to execute operation|McpClientTool|\[MCP\]\[[^\]\n]{1,80}\]|\bLibreChat\b|\bDify\b|\bn8n\b|Open ?WebUI/i,
    and: /fetch failed|Failed to connect|refused|Connection (?:error|failed)|timed out/i,
    not: /-32000|n8n API|ENOENT|EACCES|exited/,
    causes: { 'container-network': 3 },
  },
  {
    id: 'request-failed-https',
    says: 'says no more than that the request failed, to an https address, where the certificate is the usual reason',
    source: 'https://nodejs.org/api/tls.html#x509-certificate-error-codes',
    pattern: /https:\/\/[^\s/]{1,100}/i,
    and: /fetch failed|error sending request for url/,
    not: /\bE[A-Z]{4,20}\b|\b[A-Z]{1,80}_[A-Z_]{1,80}\b/,
    causes: { 'tls-unknown-ca': 3, 'tls-self-signed': 2, 'dns-failure': 1, 'wrong-path': 1.2 },
  },
  {
    id: 'asks-whether-running',
    says: 'asks whether the server runs',
    source: 'https://github.com/modelcontextprotocol/inspector/blob/main/client/src/lib/hooks/useConnection.ts',
    pattern: /Is (?:the|your) (?:MCP )?server running\??|(?<!docker )server is not running|Check if your MCP server is running/i,
    causes: { 'server-not-running': 2 },
  },
  {
    id: 'nothing-listens',
    says: 'says that nothing listens',
    source: 'https://man7.org/linux/man-pages/man8/ss.8.html',
    pattern: /no (?:process|program|server|one|service) (?:is )?listening|nothing (?:is )?listen(?:s|ing)|no longer responds/i,
    causes: { 'server-not-running': 8, 'wrong-port': 3 },
  },
];
