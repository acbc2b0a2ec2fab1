import { ALL_FIELDS, defineClient, NO_APPROVAL } from './client.ts';
import { vscodeUserData } from './paths.ts';
import { COMMON_SHAPE } from './shape.ts';

export const client = defineClient({
  id: 'roo-code',
  title: 'Roo Code',
  kind: 'gui',
  footprints: [vscodeUserData('globalStorage/rooveterinaryinc.roo-cline')],
  files: [
    { scope: 'project', path: '<project>/.roo/mcp.json', format: 'json', keys: [['mcpServers']] },
    {
      scope: 'user',
      path: vscodeUserData('globalStorage/rooveterinaryinc.roo-cline/settings/mcp_settings.json'),
      format: 'json',
      keys: [['mcpServers']],
      note: 'The setting `roo-cline.customStoragePath` moves it.',
    },
  ],
  precedence: ['project', 'user'],
  merge: 'replace',
  shape: {
    ...COMMON_SHAPE,
    type: {
      field: 'type',
      words: { stdio: 'stdio', 'streamable-http': 'http', sse: 'sse' },
      missingWithUrl: 'error',
      missingWithCommand: 'stdio',
      write: { stdio: null, http: 'streamable-http', sse: 'sse' },
    },
    cwd: 'cwd',
    disabled: { field: 'disabled', when: true },
    timeouts: [{ field: 'timeout', unit: 's', of: 'both', max: 3600 }],
    others: ['alwaysAllow', 'disabledTools', 'watchPaths'],
    both: 'error',
  },
  badEntry: 'unknown',
  expansion: { forms: ['${env:}'], fields: ALL_FIELDS, predefined: ['workspaceFolder'], from: 'process', whenUnset: 'unknown' },
  startup: { defaultMs: 60_000, variable: null },
  approval: NO_APPROVAL,
  switchedOff: '`"disabled": true` in the entry',
  environment: 'restricted',
  needsCmdWrapper: 'no',
  proxyVariables: 'unknown',
  logs: [{ path: {}, note: 'on the card of the server, cut at 1000 characters' }],
  reconnects: { remote: 'partly', stdio: 'no' },
  reload: 'Press the restart button on the card of {name}; the file is also read again when it is saved.',
  names: null,
  notes: ['An entry with `url` needs a `type`.', 'Only HTTP+SSE connections are made again when they break.'],
  refs: [
    'https://docs.roocode.com/features/mcp/using-mcp-in-roo',
    'https://github.com/RooCodeInc/Roo-Code/blob/main/src/services/mcp/McpHub.ts',
  ],
});
