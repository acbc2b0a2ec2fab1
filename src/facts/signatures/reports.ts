import type { Signature } from './signature.ts';

/** Wordings of faults that several people have reported against a client or a server library itself; the source is one of the reports. */
export const REPORTS: readonly Signature[] = [
  {
    id: 'report-variadic-env',
    says: 'is how the claude command fails when an option -e stands before the name: the option takes the name as well',
    source: 'https://github.com/anthropics/claude-code/issues/23365',
    pattern: /Invalid environment variable format/i,
    causes: { 'client-bug': 10, 'missing-env': 1 },
  },
  {
    id: 'report-shared-server',
    says: 'is how a server fails that uses one server object for several connections',
    source: 'https://github.com/perplexityai/modelcontextprotocol/issues/117',
    pattern: /Already connected to a transport/i,
    causes: { 'server-bug': 10, 'session-lost': 1 },
  },
  {
    id: 'report-second-answer',
    says: 'is how a server fails that answers one request twice',
    source: 'https://github.com/modelcontextprotocol/python-sdk/issues/2416',
    pattern: /Request already responded to/i,
    causes: { 'server-bug': 10 },
  },
  {
    id: 'report-connector-oauth',
    says: 'is what the web client says of a server whose sign-in or answer it could not use',
    source: 'https://github.com/anthropics/claude-ai-mcp/issues/913',
    pattern: /Couldn't (?:reach the MCP server|register with)|mcp_registration_failed|Authorization with the MCP server failed/i,
    causes: { 'auth-required': 2, 'server-bug': 2.5, 'server-not-running': 1, 'rate-limited': 1.5, 'client-bug': 1.5 },
  },
  {
    id: 'report-entries-ignored',
    says: 'says that a client with entries in its file manages no servers',
    source: 'https://github.com/anthropics/claude-code/issues/29100',
    pattern: /\b0 servers\b|servers?: 0\b/i,
    causes: { 'config-wrong-file': 5, 'client-bug': 4, 'config-wrong-key': 3 },
  },
  {
    id: 'report-parallel-installs',
    says: 'is how a launcher fails when several start at once and share a package cache',
    source: 'https://github.com/oven-sh/bun/issues/12917',
    pattern:
      /failed copying files from cache|Failed to link [^\n]{1,80}: EEXIST|\bENOTEMPTY\b|\bEBUSY\b|npm (?:error|ERR!) code E(?:BUSY|NOTEMPTY|EXIST)|ECOMPROMISED|Lock(?:file)? (?:compromised|is held)/i,
    causes: { 'startup-race': 8, 'crash-on-boot': 2 },
  },
  {
    id: 'report-browser-across-wsl',
    says: 'is how a browser fails that was started across the boundary of WSL',
    source: 'https://github.com/ChromeDevTools/chrome-devtools-mcp/issues/690',
    pattern: /Target closed|setDiscoverTargets|TargetCloseError|DevTools endpoint|Failed to launch the browser/i,
    when: { system: ['wsl'] },
    causes: { 'wsl-boundary': 7 },
  },
  {
    id: 'report-event-stream-url',
    says: 'is of a client in which the field url stands for HTTP+SSE, and httpUrl for Streamable HTTP',
    source: 'https://github.com/google-gemini/gemini-cli/blob/main/docs/tools/mcp-server.md',
    pattern: /SSE error: Non-200|SseError/i,
    when: { client: ['gemini-cli', 'qwen-code'] },
    causes: { 'config-bad-entry': 6 },
  },
  {
    id: 'report-killed-while-connecting',
    says: 'is of a client that ends the process while it is still connecting',
    source: 'https://github.com/anthropics/claude-ai-mcp/issues/116',
    pattern: /intentional shutdown|Shutting down\.\.\.\s{0,9}$/im,
    causes: { 'client-bug': 4, 'timeout-slow-start': 2 },
  },
];
