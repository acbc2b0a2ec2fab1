import { ALL_FIELDS, defineClient, LENIENT } from './client.ts';
import { editorLogs } from './paths.ts';
import { COMMON_SHAPE } from './shape.ts';

export const client = defineClient({
  id: 'cursor',
  title: 'Cursor',
  kind: 'gui',
  footprints: ['~/.cursor'],
  files: [
    { scope: 'project', path: '<project>/.cursor/mcp.json', format: 'jsonc', tolerates: LENIENT, keys: [['mcpServers']] },
    { scope: 'user', path: '~/.cursor/mcp.json', format: 'jsonc', tolerates: LENIENT, keys: [['mcpServers']] },
  ],
  precedence: ['project', 'user'],
  merge: 'replace',
  shape: {
    ...COMMON_SHAPE,
    type: {
      field: 'type',
      words: { stdio: 'stdio', http: 'http-or-sse', 'streamable-http': 'http-or-sse', streamableHttp: 'http-or-sse', sse: 'sse' },
      missingWithUrl: 'http-or-sse',
      missingWithCommand: 'stdio',
      write: { stdio: null, http: null, sse: null },
    },
    envFile: 'envFile',
    others: ['auth'],
  },
  badEntry: 'entry',
  expansion: {
    forms: ['${env:}'],
    fields: ALL_FIELDS,
    predefined: ['userHome', 'workspaceFolder', 'workspaceFolderBasename', 'pathSeparator', '/'],
    from: 'process',
    whenUnset: 'unknown',
  },
  startup: { defaultMs: 'unknown', variable: null },
  approval: { scopes: [], how: 'New servers are switched on in the settings, under MCP.', lists: [] },
  switchedOff: 'on the MCP page of the settings; the file does not show it',
  environment: 'unknown',
  needsCmdWrapper: 'sometimes',
  proxyVariables: 'unknown',
  logs: [
    { path: editorLogs('Cursor', 'exthost/anysphere.cursor-mcp/MCP user-<server>.log') },
    { path: editorLogs('Cursor', 'exthost/anysphere.cursor-always-local/Cursor MCP.log'), note: 'older versions' },
    { path: {}, note: 'Output panel > MCP Logs' },
  ],
  logTag: 4,
  reconnects: { remote: 'no', stdio: 'no' },
  reload: 'Switch {name} off and on again on the MCP page of the settings.',
  names: null,
  notes: [
    'An address without a type is tried as Streamable HTTP first, then as HTTP+SSE; the message shown is that of the second attempt.',
    '`envFile` counts for local servers only.',
  ],
  refs: ['https://cursor.com/docs/mcp'],
});
