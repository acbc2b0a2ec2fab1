/** Words that only one client writes into its messages and logs; in the order in which they are tried. */
export const CLIENT_WORDS: readonly { readonly client: string; readonly pattern: RegExp }[] = [
  {
    client: 'claude-desktop',
    pattern:
      /\bClaude Desktop\b|LocalMcpServerManager|Using MCP server command:|Server transport closed unexpectedly|claude_desktop_config|mcp-server-[\w-]{1,80}\.log/i,
  },
  { client: 'claude-code', pattern: /\bclaude mcp\b|\bClaude Code\b|claude-code|\.claude\.json/i },
  { client: 'vscode', pattern: /\[server stderr\]|Connection state: (?:Error|Running|Starting)|\bVS ?Code\b|\.vscode[/\\]mcp\.json/ },
  {
    client: 'cursor',
    pattern:
      /Client closed for command|Client error for command|Failed to reload client|Handling (?:CreateClient|ListOfferings) action|\bCursor\b|\.cursor[/\\]mcp\.json/,
  },
  { client: 'codex', pattern: /MCP client for `[^`\n]{1,80}` (?:failed to start|timed out)|MCP startup (?:failed|incomplete)|\bcodex\b/i },
  { client: 'opencode', pattern: /\bservice=mcp\b|\bopencode\b/i },
  { client: 'qwen-code', pattern: /\bqwen[- ]?code\b|\.qwen[/\\]settings/i },
  { client: 'gemini-cli', pattern: /MCP ERROR \(|Error during discovery for (?:MCP )?server|\bgemini(?:-cli| CLI)\b/i },
  { client: 'librechat', pattern: /\[MCP\]\[[^\]\n]{1,80}\]|\bLibreChat\b/i },
  { client: 'kilo-code', pattern: /\bkilo[- ]?code\b/i },
  { client: 'cline', pattern: /\bcline\b/i },
  { client: 'roo-code', pattern: /\broo[- ]?code\b/i },
  { client: 'windsurf', pattern: /\bwindsurf\b|\bcascade\b[^\n]{0,40}\bmcp\b/i },
  { client: 'goose', pattern: /\bgoose\b[^\n]{0,80}extension|extension[^\n]{0,80}\bgoose\b/i },
  { client: 'zed', pattern: /context_server|context server/i },
];
