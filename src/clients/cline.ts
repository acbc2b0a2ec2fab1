import { ALL_FIELDS, defineClient, NO_APPROVAL } from './client.ts';
import { vscodeUserData } from './paths.ts';
import { COMMON_SHAPE } from './shape.ts';

export const client = defineClient({
  id: 'cline',
  title: 'Cline',
  kind: 'gui',
  footprints: ['~/.cline', vscodeUserData('globalStorage/saoudrizwan.claude-dev')],
  files: [
    {
      scope: 'user',
      path: '~/.cline/data/settings/cline_mcp_settings.json',
      overrides: [
        { variable: 'CLINE_MCP_SETTINGS_PATH', path: '$VALUE' },
        { variable: 'CLINE_DATA_DIR', path: '$VALUE/settings/cline_mcp_settings.json' },
        { variable: 'CLINE_DIR', path: '$VALUE/data/settings/cline_mcp_settings.json' },
      ],
      format: 'json',
      keys: [['mcpServers']],
    },
    {
      scope: 'user',
      path: vscodeUserData('globalStorage/saoudrizwan.claude-dev/settings/cline_mcp_settings.json'),
      format: 'json',
      keys: [['mcpServers']],
      read: 'older',
      note: 'Moved to ~/.cline by current versions.',
    },
    { scope: 'user', path: '~/Documents/Cline/MCP/cline_mcp_settings.json', format: 'json', keys: [['mcpServers']], read: 'older' },
    {
      scope: 'user',
      path: '~/.cline/mcp.json',
      format: 'json',
      keys: [['mcpServers']],
      read: 'never',
      note: 'Named by the documentation, not read by the code.',
    },
  ],
  precedence: ['user'],
  merge: 'replace',
  shape: {
    ...COMMON_SHAPE,
    type: {
      field: 'type',
      words: { stdio: 'stdio', streamableHttp: 'http', sse: 'sse' },
      missingWithUrl: 'sse',
      missingWithCommand: 'stdio',
      write: { stdio: null, http: 'streamableHttp', sse: 'sse' },
    },
    cwd: 'cwd',
    disabled: { field: 'disabled', when: true },
    timeouts: [{ field: 'timeout', unit: 's', of: 'both', max: 3600 }],
    others: ['autoApprove', 'transportType', 'remoteConfigured', 'oauth'],
    inner: 'transport',
  },
  badEntry: 'file',
  expansion: { forms: ['${env:}'], fields: ALL_FIELDS, predefined: [], from: 'process', whenUnset: 'literal' },
  startup: { defaultMs: 60_000, variable: null },
  approval: NO_APPROVAL,
  switchedOff: '`"disabled": true` in the entry',
  environment: 'restricted',
  needsCmdWrapper: 'unknown',
  proxyVariables: 'unknown',
  logs: [{ path: {}, note: 'Output panel > Cline' }],
  reconnects: { remote: 'yes', stdio: 'no' },
  reload: 'Press Restart Server on {name} in the MCP panel; the file is also read again when it is saved.',
  names: null,
  notes: [
    'One entry that it cannot use keeps every server from loading.',
    'An address without a type is taken for HTTP+SSE, without a word.',
  ],
  refs: ['https://docs.cline.bot/mcp/configuring-mcp-servers', 'https://github.com/cline/cline/blob/main/src/services/mcp/McpHub.ts'],
});
