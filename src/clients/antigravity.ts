import { defineClient, NO_APPROVAL, NO_EXPANSION } from './client.ts';
import { editorLogs } from './paths.ts';
import { COMMON_SHAPE, untyped } from './shape.ts';

export const client = defineClient({
  id: 'antigravity',
  title: 'Google Antigravity',
  kind: 'gui',
  footprints: ['~/.gemini/config', '~/.gemini/antigravity'],
  files: [
    { scope: 'project', path: '<project>/.agents/mcp_config.json', format: 'json', keys: [['mcpServers']] },
    { scope: 'user', path: '~/.gemini/config/mcp_config.json', format: 'json', keys: [['mcpServers']] },
    {
      scope: 'user',
      path: '~/.gemini/antigravity/mcp_config.json',
      format: 'json',
      keys: [['mcpServers']],
      read: 'older',
      note: 'Not read by version 2.',
    },
  ],
  precedence: ['project', 'user'],
  merge: 'unknown',
  shape: {
    ...COMMON_SHAPE,
    type: untyped('http'),
    urls: [{ field: 'serverUrl', transport: null }],
    disabled: { field: 'disabled', when: true },
    others: ['disabledTools'],
  },
  badEntry: 'unknown',
  expansion: NO_EXPANSION,
  startup: { defaultMs: 'unknown', variable: null },
  approval: NO_APPROVAL,
  switchedOff: '`"disabled": true` in the entry, or Manage MCP Servers',
  environment: 'unknown',
  needsCmdWrapper: 'unknown',
  proxyVariables: 'unknown',
  logs: [
    { path: editorLogs('Antigravity', 'mcpServer.mcp.config.usrlocal.<server>.log') },
    { path: editorLogs('Antigravity', 'mcpServer.mcp.config.ws*.<server>.log') },
  ],
  reconnects: { remote: 'unknown', stdio: 'unknown' },
  reload: 'Open Manage MCP Servers > View raw config and press Refresh; in `agy` run `/mcp`.',
  names: null,
  notes: ['The address is in `serverUrl`, not in the `url` or `httpUrl` of Gemini CLI.'],
  refs: ['https://antigravity.google/docs/mcp'],
});
