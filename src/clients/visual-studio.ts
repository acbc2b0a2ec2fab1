import { ALL_FIELDS, defineClient } from './client.ts';
import { COMMON_SHAPE } from './shape.ts';

export const client = defineClient({
  id: 'visual-studio',
  title: 'Visual Studio',
  kind: 'gui',
  footprints: [{ win32: '%LOCALAPPDATA%/Microsoft/VisualStudio/1*' }],
  files: [
    { scope: 'user', path: { win32: '%USERPROFILE%/.mcp.json' }, format: 'json', keys: [['servers']] },
    { scope: 'local', path: { win32: '<project>/.vs/mcp.json' }, format: 'json', keys: [['servers']] },
    { scope: 'project', path: { win32: '<project>/.mcp.json' }, format: 'json', keys: [['servers']], shared: true },
    { scope: 'project', path: { win32: '<project>/.vscode/mcp.json' }, format: 'json', keys: [['servers']], shared: true },
    { scope: 'project', path: { win32: '<project>/.cursor/mcp.json' }, format: 'json', keys: [['mcpServers']], shared: true },
  ],
  precedence: ['user', 'local', 'project'],
  merge: 'side-by-side',
  shape: { ...COMMON_SHAPE, type: { ...COMMON_SHAPE.type, missingWithUrl: 'unknown' } },
  badEntry: 'unknown',
  expansion: { forms: ['${input:}'], fields: ALL_FIELDS, predefined: [], from: 'own-store', whenUnset: 'unknown' },
  startup: { defaultMs: 'unknown', variable: null },
  approval: { scopes: [], how: "A new server's tools are off until they are ticked in the tool picker.", lists: [] },
  switchedOff: 'in the tool picker; the file does not show it',
  environment: 'unknown',
  needsCmdWrapper: 'unknown',
  proxyVariables: 'unknown',
  logs: [{ path: {}, note: 'Output window > GitHub Copilot' }],
  reconnects: { remote: 'unknown', stdio: 'unknown' },
  reload: 'Save the file: a valid save restarts {name}.',
  names: null,
  notes: [
    "The solution's `.mcp.json` has the key `servers` here, while Claude Code and Copilot CLI read `mcpServers` in a file of the same name.",
  ],
  refs: ['https://learn.microsoft.com/visualstudio/ide/mcp-servers'],
});
