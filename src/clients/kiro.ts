import { defineClient, NO_APPROVAL } from './client.ts';
import { editorLogs } from './paths.ts';
import { COMMON_SHAPE, untyped } from './shape.ts';

export const client = defineClient({
  id: 'kiro',
  title: 'Kiro',
  kind: 'gui',
  footprints: ['~/.kiro'],
  files: [
    { scope: 'project', path: '<project>/.kiro/settings/mcp.json', format: 'json', keys: [['mcpServers']] },
    { scope: 'user', path: '~/.kiro/settings/mcp.json', format: 'json', keys: [['mcpServers']] },
  ],
  precedence: ['project', 'user'],
  merge: 'replace',
  shape: {
    ...COMMON_SHAPE,
    type: untyped('http'),
    disabled: { field: 'disabled', when: true },
    timeouts: [{ field: 'timeout', unit: 'ms', of: 'both' }],
    others: ['type', 'autoApprove', 'disabledTools', 'oauth'],
  },
  badEntry: 'unknown',
  expansion: { forms: ['${}'], fields: ['env', 'headers'], predefined: [], from: 'approved-variables', whenUnset: 'literal' },
  startup: { defaultMs: 'unknown', variable: null },
  approval: NO_APPROVAL,
  switchedOff: '`"disabled": true` in the entry',
  environment: 'unknown',
  needsCmdWrapper: 'unknown',
  proxyVariables: 'unknown',
  logs: [
    { path: editorLogs('Kiro', 'exthost/kiro.kiroAgent/Kiro - MCP Logs.log'), note: 'empty since 1.0' },
    { path: {}, note: 'Output panel > Kiro - MCP Logs' },
  ],
  reconnects: { remote: 'unknown', stdio: 'unknown' },
  reload: 'Right-click {name} in the MCP panel and choose Reconnect; saving the file works too.',
  names: null,
  notes: ['`${VAR}` is replaced only for variables approved in the settings of Kiro.'],
  refs: ['https://kiro.dev/docs/mcp/configuration/'],
});
