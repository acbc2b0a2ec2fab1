import { defineClient, NO_EXPANSION, type FileRule } from './client.ts';
import { COMMON_SHAPE, untyped } from './shape.ts';

const KEYS: FileRule['keys'] = [['mcp_servers']];

export const client = defineClient({
  id: 'codex',
  title: 'OpenAI Codex',
  kind: 'cli',
  footprints: ['~/.codex'],
  files: [
    { scope: 'project', path: '<project>/.codex/config.toml', format: 'toml', keys: KEYS, note: 'Only in trusted projects.' },
    {
      scope: 'user',
      path: '~/.codex/config.toml',
      overrides: [{ variable: 'CODEX_HOME', path: '$VALUE/config.toml' }],
      format: 'toml',
      keys: KEYS,
    },
    { scope: 'system', path: { linux: '/etc/codex/config.toml', darwin: '/etc/codex/config.toml' }, format: 'toml', keys: KEYS },
  ],
  precedence: ['project', 'user', 'system'],
  merge: 'deep',
  shape: {
    ...COMMON_SHAPE,
    type: untyped('http'),
    cwd: 'cwd',
    headers: ['http_headers'],
    headerVariables: 'env_http_headers',
    bearerVariable: 'bearer_token_env_var',
    passedVariables: 'env_vars',
    disabled: { field: 'enabled', when: false },
    timeouts: [
      { field: 'startup_timeout_sec', unit: 's', of: 'startup' },
      { field: 'startup_timeout_ms', unit: 'ms', of: 'startup' },
      { field: 'tool_timeout_sec', unit: 's', of: 'tool' },
    ],
    others: [
      'type',
      'required',
      'enabled_tools',
      'disabled_tools',
      'default_tools_approval_mode',
      'tools',
      'supports_parallel_tool_calls',
      'oauth',
      'oauth_resource',
      'scopes',
    ],
    both: 'error',
  },
  badEntry: 'file',
  expansion: NO_EXPANSION,
  startup: { defaultMs: 30_000, variable: null },
  approval: { scopes: ['project'], how: 'Trust the project when `codex` asks.', lists: [] },
  switchedOff: '`enabled = false` in the entry',
  environment: 'restricted',
  needsCmdWrapper: 'unknown',
  proxyVariables: 'read',
  logs: [
    {
      path: '~/.codex/log/codex-tui.log',
      overrides: [{ variable: 'CODEX_HOME', path: '$VALUE/log/codex-tui.log' }],
      note: 'only when `log_dir` is set, since May 2026; the database `logs_2.sqlite` beside it is not read',
    },
  ],
  reconnects: { remote: 'partly', stdio: 'no' },
  reload: 'Restart codex or the app; `/mcp` shows the state of {name}.',
  names: { pattern: /^[a-zA-Z0-9_-]+$/, reserved: [], rule: 'letters, digits, "-" and "_" only' },
  notes: [
    'The table is `[mcp_servers.NAME]`; `[mcpServers.NAME]` is not read.',
    'There is no HTTP+SSE and no `type`. Headers are in `http_headers`; `headers` has no effect.',
    'Nothing is interpolated: `env_vars` hands variables on, `bearer_token_env_var` and `env_http_headers` take values from variables.',
    'Older versions waited 10 s for a server to start.',
  ],
  refs: ['https://developers.openai.com/codex/mcp', 'https://github.com/openai/codex/blob/main/codex-rs/config/src/mcp_types.rs'],
});
