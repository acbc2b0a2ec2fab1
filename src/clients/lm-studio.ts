import { defineClient, NO_APPROVAL, NO_EXPANSION } from './client.ts';
import { COMMON_SHAPE, untyped } from './shape.ts';

export const client = defineClient({
  id: 'lm-studio',
  title: 'LM Studio',
  kind: 'gui',
  footprints: ['~/.lmstudio'],
  files: [
    { scope: 'user', path: '~/.lmstudio/mcp.json', format: 'json', keys: [['mcpServers']] },
    { scope: 'user', path: '~/.cache/lm-studio/mcp.json', format: 'json', keys: [['mcpServers']], read: 'older' },
  ],
  precedence: ['user'],
  merge: 'replace',
  shape: { ...COMMON_SHAPE, type: untyped('http'), others: ['auth', 'type'] },
  badEntry: 'unknown',
  expansion: NO_EXPANSION,
  startup: { defaultMs: 'unknown', variable: null },
  approval: NO_APPROVAL,
  switchedOff: 'in the Program tab; the file does not show it',
  environment: 'unknown',
  needsCmdWrapper: 'unknown',
  proxyVariables: 'unknown',
  logs: [{ path: {}, note: 'developer console of the app' }],
  reconnects: { remote: 'unknown', stdio: 'unknown' },
  reload: 'Switch {name} off and on again in the Program tab.',
  names: null,
  notes: ['Needs LM Studio 0.3.17.', 'A whole `{"mcpServers": …}` pasted into the map is a server called mcpServers.'],
  refs: ['https://lmstudio.ai/docs/app/mcp'],
});
