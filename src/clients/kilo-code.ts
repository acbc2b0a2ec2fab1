import { ALL_FIELDS, defineClient, LENIENT, NO_APPROVAL, type FileRule } from './client.ts';
import { OPENCODE_SHAPE } from './opencode-shape.ts';
import { vscodeUserData } from './paths.ts';
import { client as rooCode } from './roo-code.ts';

function current(scope: FileRule['scope'], path: string): FileRule {
  return { scope, path, format: 'jsonc', tolerates: LENIENT, keys: [['mcp']] };
}

export const client = defineClient({
  id: 'kilo-code',
  title: 'Kilo Code',
  kind: 'gui',
  footprints: ['$XDG_CONFIG_HOME/kilo', vscodeUserData('globalStorage/kilocode.kilo-code')],
  files: [
    current('project', '<project>/.kilo/kilo.jsonc'),
    current('project', '<project>/.kilo/kilo.json'),
    current('project', '<project>/kilo.jsonc'),
    current('project', '<project>/kilo.json'),
    current('user', '$XDG_CONFIG_HOME/kilo/kilo.jsonc'),
    current('user', '$XDG_CONFIG_HOME/kilo/kilo.json'),
    { scope: 'project', path: '<project>/.kilocode/mcp.json', format: 'json', keys: [['mcpServers']], read: 'older', shape: rooCode.shape },
    {
      scope: 'user',
      path: vscodeUserData('globalStorage/kilocode.kilo-code/settings/mcp_settings.json'),
      format: 'json',
      keys: [['mcpServers']],
      read: 'older',
      shape: rooCode.shape,
    },
  ],
  precedence: ['project', 'user'],
  merge: 'deep',
  shape: OPENCODE_SHAPE,
  badEntry: 'unknown',
  expansion: { forms: ['{env:}', '{file:}'], fields: ALL_FIELDS, predefined: [], from: 'process', whenUnset: 'empty' },
  startup: { defaultMs: 30_000, variable: null },
  approval: NO_APPROVAL,
  switchedOff: '`"enabled": false` in the entry',
  environment: 'inherited',
  needsCmdWrapper: 'yes',
  proxyVariables: 'unknown',
  logs: [{ path: {}, note: '`kilo mcp debug NAME`' }],
  reconnects: { remote: 'unknown', stdio: 'unknown' },
  reload: 'Switch {name} off and on again with `/mcps`, or restart kilo.',
  names: null,
  notes: [
    'Rebuilt on OpenCode: files with `mcpServers` are those of the old extension.',
    'The extension waits 10 s for local and 15 s for remote servers, the program 30 s.',
  ],
  refs: ['https://kilo.ai/docs/features/mcp/using-mcp-in-kilo-code'],
});
