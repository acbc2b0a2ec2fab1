/** Words that only one client writes into its messages and logs. */
export const CLIENT_WORDS: readonly { readonly client: string; readonly pattern: RegExp }[] = [
  {
    client: 'claude-desktop',
    pattern: /\bClaude Desktop\b|LocalMcpServerManager|Using MCP server command:|Server transport closed unexpectedly/i,
  },
  { client: 'claude-code', pattern: /\bclaude mcp\b|\bClaude Code\b|claude-code/i },
  { client: 'vscode', pattern: /\[server stderr\]|Connection state: (?:Error|Running|Starting)|\bVS ?Code\b/ },
  { client: 'cursor', pattern: /Client closed for command|Failed to reload client|\bCursor\b/ },
  { client: 'codex', pattern: /MCP client for `[^`]*` (?:failed to start|timed out)|MCP startup (?:failed|incomplete)|\bcodex\b/i },
  { client: 'opencode', pattern: /\bservice=mcp\b|\bopencode\b/i },
  { client: 'gemini-cli', pattern: /MCP ERROR \(|Error during discovery for (?:MCP )?server|\bgemini(?:-cli| CLI)\b/i },
  { client: 'librechat', pattern: /\[MCP\]\[[^\]]+\]|\bLibreChat\b/i },
  { client: 'cline', pattern: /\bcline\b/i },
  { client: 'roo-code', pattern: /\broo[- ]?code\b/i },
  { client: 'goose', pattern: /\bgoose\b.*extension|extension.*\bgoose\b/i },
  { client: 'zed', pattern: /context_server|context server/i },
];
