import { ALL_FIELDS, defineClient, NO_APPROVAL } from './client.ts';
import { COMMON_SHAPE, untyped } from './shape.ts';

export const client = defineClient({
  id: 'windsurf',
  title: 'Devin Desktop (formerly Windsurf)',
  kind: 'gui',
  footprints: [{ darwin: '~/.config/devin', linux: '~/.config/devin', win32: '%APPDATA%/devin' }, '~/.codeium/windsurf'],
  files: [
    { scope: 'local', path: '<project>/.devin/mcp_config.local.json', format: 'json', keys: [['mcpServers']], note: 'Kept out of version control.' },
    { scope: 'project', path: '<project>/.devin/mcp_config.json', format: 'json', keys: [['mcpServers']] },
    {
      scope: 'user',
      path: { darwin: '~/.config/devin/mcp_config.json', linux: '~/.config/devin/mcp_config.json', win32: '%APPDATA%/devin/mcp_config.json' },
      format: 'json',
      keys: [['mcpServers']],
    },
    { scope: 'user', path: '~/.config/devin/config.json', format: 'json', keys: [['mcpServers']], read: 'older' },
    { scope: 'user', path: '~/.codeium/windsurf/mcp_config.json', format: 'json', keys: [['mcpServers']], read: 'older', note: 'The file of Windsurf, before it was renamed.' },
    { scope: 'user', path: '~/.codeium/windsurf-next/mcp_config.json', format: 'json', keys: [['mcpServers']], read: 'older' },
  ],
  precedence: ['local', 'project', 'user'],
  merge: 'replace',
  shape: {
    ...COMMON_SHAPE,
    type: untyped('http-or-sse'),
    urls: [
      { field: 'serverUrl', transport: null },
      { field: 'url', transport: null },
    ],
    disabled: { field: 'disabled', when: true },
    others: ['disabledTools'],
  },
  badEntry: 'unknown',
  expansion: { forms: ['${env:}', '${file:}'], fields: ALL_FIELDS, predefined: [], from: 'process', whenUnset: 'unknown' },
  startup: { defaultMs: 'unknown', variable: null },
  approval: NO_APPROVAL,
  switchedOff: '`"disabled": true` in the entry, or the switch in the MCP list',
  environment: 'unknown',
  needsCmdWrapper: 'sometimes',
  proxyVariables: 'unknown',
  logs: [{ path: {}, note: 'Output panel > Windsurf or Cascade' }],
  reconnects: { remote: 'unknown', stdio: 'unknown' },
  reload: 'Press Refresh in the MCP list, or switch {name} off and on again.',
  names: null,
  notes: ['`serverUrl` works in every version, `url` only in later ones.'],
  refs: ['https://docs.devin.ai/desktop/cascade/mcp'],
});
