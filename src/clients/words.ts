import type { Transport } from '../model/target.ts';

/** How clients spell the transports; what one writes another may not know. */
const SPELLINGS: Readonly<Record<string, Transport>> = {
  stdio: 'stdio',
  local: 'stdio',
  http: 'http',
  https: 'http',
  remote: 'http',
  streamable: 'http',
  streamablehttp: 'http',
  sse: 'sse',
};

/** The transport that a type word of any client means; null when it is none. */
export function transportMeant(word: string): Transport | null {
  return SPELLINGS[word.toLowerCase().replace(/[-_ ]/g, '')] ?? null;
}

/** Fields that say the same in different clients. The order does not count. */
export const ROLES = {
  type: ['type', 'transport', 'transportType'],
  command: ['command', 'cmd'],
  args: ['args', 'arguments'],
  env: ['env', 'environment', 'envs'],
  cwd: ['cwd', 'working_directory', 'workingDirectory'],
  url: ['url', 'serverUrl', 'httpUrl', 'uri', 'endpoint', 'baseUrl', 'server_url'],
  headers: ['headers', 'http_headers', 'httpHeaders', 'requestOptions'],
  envFile: ['envFile', 'env_file'],
  timeout: [
    'timeout',
    'startup_timeout_sec',
    'startup_timeout_ms',
    'tool_timeout_sec',
    'connectionTimeout',
    'initTimeout',
    'connectionTimeoutMs',
  ],
  approve: ['autoApprove', 'alwaysAllow', 'autoAllow'],
  disabled: ['disabled', 'enabled'],
} as const;

export type Role = keyof typeof ROLES;

/** Every key under which some client keeps its servers. */
export const SERVER_KEYS: readonly (readonly string[])[] = [
  ['mcpServers'],
  ['servers'],
  ['mcp', 'servers'],
  ['mcp', 'mcpServers'],
  ['mcp'],
  ['context_servers'],
  ['mcp_servers'],
  ['extensions'],
  ['mcpservers'],
  ['McpServers'],
  ['mcp-servers'],
  ['mcpServer'],
  ['amp.mcpServers'],
  ['mcp.servers'],
];
