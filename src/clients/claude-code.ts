import { defineClient, STRICT, type FileRule, type PathOverride, type StateList } from './client.ts';
import { COMMON_SHAPE } from './shape.ts';

const SERVERS = ['mcpServers'] as const;
const MAIN = '~/.claude.json';
const MAIN_OVERRIDES: readonly PathOverride[] = [{ variable: 'CLAUDE_CONFIG_DIR', path: '$VALUE/.claude.json' }];

function inVain(path: string, keys: FileRule['keys'] = [SERVERS]): FileRule {
  return { scope: path.startsWith('~') ? 'user' : 'project', path, format: 'json', keys, read: 'never' };
}

/** Answers to the question about a project's `.mcp.json`: in the settings of all three scopes. */
const SETTINGS: readonly Pick<StateList, 'path' | 'overrides'>[] = [
  { path: '~/.claude/settings.json', overrides: [{ variable: 'CLAUDE_CONFIG_DIR', path: '$VALUE/settings.json' }] },
  { path: '<project>/.claude/settings.json' },
  { path: '<project>/.claude/settings.local.json' },
];

export const client = defineClient({
  id: 'claude-code',
  title: 'Claude Code',
  kind: 'cli',
  footprints: [MAIN, '~/.claude'],
  files: [
    {
      scope: 'managed',
      path: {
        darwin: '/Library/Application Support/ClaudeCode/managed-mcp.json',
        win32: 'C:/Program Files/ClaudeCode/managed-mcp.json',
        linux: '/etc/claude-code/managed-mcp.json',
      },
      format: 'json',
      keys: [SERVERS],
      exclusive: true,
      note: 'Set by an administrator; while it exists nothing else is loaded.',
    },
    {
      scope: 'local',
      path: MAIN,
      overrides: MAIN_OVERRIDES,
      format: 'json',
      tolerates: STRICT,
      keys: [['projects', '<project>', 'mcpServers']],
      note: 'The default scope of `claude mcp add`: one user, one project.',
    },
    {
      scope: 'project',
      path: '<project>/.mcp.json',
      format: 'json',
      keys: [SERVERS],
      shared: true,
      note: 'Runs only after it was approved.',
    },
    { scope: 'user', path: MAIN, overrides: MAIN_OVERRIDES, format: 'json', keys: [SERVERS] },
    {
      scope: 'plugin',
      path: '~/.claude/plugins/cache/*/*/*/.mcp.json',
      overrides: [{ variable: 'CLAUDE_CONFIG_DIR', path: '$VALUE/plugins/cache/*/*/*/.mcp.json' }],
      format: 'json',
      keys: [SERVERS, []],
    },
    inVain('~/.claude/.mcp.json'),
    inVain('~/.claude/mcp.json'),
    inVain('~/.claude/settings.json'),
    inVain('<project>/.claude/.mcp.json'),
    inVain('<project>/.claude/mcp.json'),
    inVain('<project>/.claude/settings.json'),
    { scope: 'user', path: { win32: '%APPDATA%/Claude/mcp.json' }, format: 'json', keys: [SERVERS], read: 'never' },
  ],
  precedence: ['managed', 'local', 'project', 'user', 'plugin'],
  merge: 'replace',
  shape: {
    ...COMMON_SHAPE,
    type: {
      field: 'type',
      words: { stdio: 'stdio', http: 'http', 'streamable-http': 'http', sse: 'sse', ws: 'other' },
      missingWithUrl: 'error',
      missingWithCommand: 'stdio',
      write: { stdio: null, http: 'http', sse: 'sse' },
    },
    timeouts: [{ field: 'timeout', unit: 'ms', of: 'tool' }],
    others: ['alwaysLoad', 'headersHelper', 'oauth', 'request_timeout_ms'],
  },
  badEntry: 'entry',
  expansion: {
    forms: ['${}', '${:-}'],
    fields: ['command', 'args', 'env', 'url', 'headers'],
    predefined: ['CLAUDE_PROJECT_DIR', 'CLAUDE_PLUGIN_ROOT', 'CLAUDE_PLUGIN_DATA'],
    from: 'process',
    whenUnset: 'literal',
  },
  startup: { defaultMs: 30_000, variable: 'MCP_TIMEOUT' },
  approval: {
    scopes: ['project'],
    how: 'Start `claude` in the project and approve the server; `claude mcp reset-project-choices` asks again.',
    lists: [
      ...SETTINGS.flatMap((file): readonly StateList[] => [
        { ...file, format: 'json', key: ['enabledMcpjsonServers'], means: 'approved' },
        { ...file, format: 'json', key: ['disabledMcpjsonServers'], means: 'rejected' },
        { ...file, format: 'json', key: ['enableAllProjectMcpServers'], means: 'all' },
      ]),
      { path: MAIN, overrides: MAIN_OVERRIDES, format: 'json', key: ['projects', '<project>', 'enabledMcpjsonServers'], means: 'approved' },
      {
        path: MAIN,
        overrides: MAIN_OVERRIDES,
        format: 'json',
        key: ['projects', '<project>', 'disabledMcpjsonServers'],
        means: 'rejected',
      },
      { path: MAIN, overrides: MAIN_OVERRIDES, format: 'json', key: ['projects', '<project>', 'disabledMcpServers'], means: 'off' },
    ],
  },
  switchedOff: 'in `disabledMcpServers` of the project in ~/.claude.json',
  environment: 'inherited',
  needsCmdWrapper: 'no',
  proxyVariables: 'read',
  logs: [
    {
      path: {
        darwin: '~/Library/Caches/claude-cli-nodejs/*/mcp-logs-<server>/*',
        win32: '%LOCALAPPDATA%/claude-cli-nodejs/Cache/*/mcp-logs-<server>/*',
        linux: '$XDG_CACHE_HOME/claude-cli-nodejs/*/mcp-logs-<server>/*',
      },
    },
    {
      path: '~/.claude/debug/*.txt',
      overrides: [{ variable: 'CLAUDE_CONFIG_DIR', path: '$VALUE/debug/*.txt' }],
      note: 'only with --debug',
    },
  ],
  reconnects: { remote: 'yes', stdio: 'no' },
  reload: 'Run `/mcp reconnect {name}` in the session, or start a new one.',
  names: {
    pattern: /^[A-Za-z0-9_-]+$/,
    reserved: ['workspace', 'claude-in-chrome', 'computer-use', 'Claude Preview', 'Claude Browser'],
    rule: 'letters, digits, "-" and "_" only',
  },
  notes: [
    'Relative paths count from the folder in which Claude Code was started.',
    'An entry with `url` needs a `type`; without it the entry is an error.',
    'The limit for starting is set by MCP_TIMEOUT only; `timeout` is for tool calls and ignored below 1000.',
    'The application rewrites ~/.claude.json while it runs.',
  ],
  refs: ['https://code.claude.com/docs/en/mcp', 'https://code.claude.com/docs/en/env-vars'],
});
