import { ALL_FIELDS, COMMENTS_ONLY, defineClient, NO_APPROVAL } from './client.ts';
import { COMMON_SHAPE, untyped } from './shape.ts';

export const client = defineClient({
  id: 'qwen-code',
  title: 'Qwen Code',
  kind: 'cli',
  footprints: ['~/.qwen'],
  files: [
    {
      scope: 'system',
      path: {
        linux: '/etc/qwen-code/settings.json',
        darwin: '/Library/Application Support/QwenCode/settings.json',
        win32: 'C:/ProgramData/qwen-code/settings.json',
      },
      overrides: [{ variable: 'QWEN_CODE_SYSTEM_SETTINGS_PATH', path: '$VALUE' }],
      format: 'jsonc',
      tolerates: COMMENTS_ONLY,
      keys: [['mcpServers']],
    },
    { scope: 'project', path: '<project>/.qwen/settings.json', format: 'jsonc', tolerates: COMMENTS_ONLY, keys: [['mcpServers']] },
    {
      scope: 'user',
      path: '~/.qwen/settings.json',
      overrides: [{ variable: 'QWEN_HOME', path: '$VALUE/settings.json' }],
      format: 'jsonc',
      tolerates: COMMENTS_ONLY,
      keys: [['mcpServers']],
    },
  ],
  precedence: ['system', 'project', 'user'],
  merge: 'replace',
  shape: {
    ...COMMON_SHAPE,
    type: untyped('sse'),
    cwd: 'cwd',
    urls: [
      { field: 'httpUrl', transport: 'http' },
      { field: 'url', transport: 'sse' },
    ],
    timeouts: [{ field: 'timeout', unit: 'ms', of: 'both' }],
    others: ['trust', 'includeTools', 'excludeTools', 'oauth', 'description'],
  },
  badEntry: 'entry',
  expansion: { forms: ['${}', '$'], fields: ALL_FIELDS, predefined: [], from: 'process', whenUnset: 'literal' },
  startup: { defaultMs: 600_000, variable: null },
  approval: {
    ...NO_APPROVAL,
    lists: [
      { path: '~/.qwen/settings.json', format: 'jsonc', key: ['mcp', 'excluded'], means: 'off' },
      { path: '~/.qwen/settings.json', format: 'jsonc', key: ['mcp', 'allowed'], means: 'only' },
    ],
  },
  switchedOff: 'by `mcp.excluded` and `mcp.allowed` in the settings',
  environment: 'unknown',
  needsCmdWrapper: 'unknown',
  proxyVariables: 'read',
  logs: [],
  reconnects: { remote: 'no', stdio: 'no' },
  reload: 'Restart qwen.',
  names: null,
  notes: ['`url` means HTTP+SSE here: a Streamable HTTP endpoint belongs into `httpUrl`.'],
  refs: ['https://qwenlm.github.io/qwen-code-docs/en/users/features/mcp/'],
});
