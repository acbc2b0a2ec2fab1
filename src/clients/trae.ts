import { defineClient, NO_EXPANSION, type PathRule } from './client.ts';
import { COMMON_SHAPE, untyped } from './shape.ts';

function userData(product: string, tail: string): PathRule {
  return {
    darwin: `~/Library/Application Support/${product}/User${tail}`,
    win32: `%APPDATA%/${product}/User${tail}`,
    linux: `$XDG_CONFIG_HOME/${product}/User${tail}`,
  };
}

export const client = defineClient({
  id: 'trae',
  title: 'Trae',
  kind: 'gui',
  footprints: [userData('Trae', ''), userData('Trae CN', '')],
  files: [
    {
      scope: 'project',
      path: '<project>/.trae/mcp.json',
      format: 'json',
      keys: [['mcpServers']],
      note: 'Needs "Enable Project MCP" in the settings.',
    },
    { scope: 'user', path: userData('Trae', '/mcp.json'), format: 'json', keys: [['mcpServers']] },
    { scope: 'user', path: userData('Trae CN', '/mcp.json'), format: 'json', keys: [['mcpServers']] },
  ],
  precedence: ['project', 'user'],
  merge: 'unknown',
  shape: { ...COMMON_SHAPE, type: untyped('http'), others: ['type', 'fromGalleryId'] },
  badEntry: 'unknown',
  expansion: NO_EXPANSION,
  startup: { defaultMs: 'unknown', variable: null },
  approval: { scopes: ['project'], how: 'Switch on "Enable Project MCP" in the settings of Trae.', lists: [] },
  switchedOff: 'in the settings; the file does not show it',
  environment: 'unknown',
  needsCmdWrapper: 'unknown',
  proxyVariables: 'unknown',
  logs: [],
  reconnects: { remote: 'unknown', stdio: 'unknown' },
  reload: 'Switch {name} off and on again in the MCP settings of Trae.',
  names: null,
  notes: ['`command` must not contain spaces: arguments belong into `args`.'],
  refs: ['https://docs.trae.ai/ide/model-context-protocol'],
});
