import { ALL_FIELDS, defineClient, LENIENT, NO_APPROVAL, type FileRule, type PathOverride } from './client.ts';
import { OPENCODE_SHAPE } from './opencode-shape.ts';

function file(scope: FileRule['scope'], path: string, overrides: readonly PathOverride[] = []): FileRule {
  return { scope, path, overrides, format: 'jsonc', tolerates: LENIENT, keys: [['mcp', 'servers'], ['mcp']] };
}

export const client = defineClient({
  id: 'opencode',
  title: 'OpenCode',
  kind: 'cli',
  footprints: ['$XDG_CONFIG_HOME/opencode', '~/.local/share/opencode'],
  files: [
    file('project', '<project>/.opencode/opencode.jsonc'),
    file('project', '<project>/.opencode/opencode.json'),
    file('project', '<project>/opencode.jsonc'),
    file('project', '<project>/opencode.json'),
    { ...file('custom', ''), path: {}, overrides: [{ variable: 'OPENCODE_CONFIG', path: '$VALUE' }] },
    { ...file('custom', ''), path: {}, overrides: [{ variable: 'OPENCODE_CONFIG_DIR', path: '$VALUE/opencode.json' }] },
    file('user', '$XDG_CONFIG_HOME/opencode/opencode.jsonc'),
    file('user', '$XDG_CONFIG_HOME/opencode/opencode.json'),
  ],
  precedence: ['project', 'custom', 'user'],
  merge: 'deep',
  shape: { ...OPENCODE_SHAPE, others: [...OPENCODE_SHAPE.others, 'disabled'] },
  badEntry: 'file',
  expansion: { forms: ['{env:}', '{file:}'], fields: ALL_FIELDS, predefined: [], from: 'process', whenUnset: 'empty' },
  startup: { defaultMs: 5000, variable: null },
  approval: NO_APPROVAL,
  switchedOff: '`"enabled": false` in the entry (version 2: `"disabled": true`)',
  environment: 'inherited',
  needsCmdWrapper: 'sometimes',
  proxyVariables: 'read',
  logs: [{ path: '$XDG_DATA_HOME/opencode/log/*.log' }],
  reconnects: { remote: 'no', stdio: 'no' },
  reload: 'Switch {name} off and on again in the MCP dialog, or restart opencode.',
  names: null,
  notes: [
    'Version 1 has the servers in `mcp`, version 2 in `mcp.servers`.',
    'The command is an array that holds the arguments too; variables are in `environment`.',
    'Five seconds for starting are too short for a first `npx` run: set `timeout`.',
  ],
  refs: ['https://opencode.ai/docs/mcp-servers/', 'https://opencode.ai/docs/config/'],
});
