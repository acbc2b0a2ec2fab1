import { defineClient, LENIENT, NO_EXPANSION } from './client.ts';
import { COMMON_SHAPE, untyped } from './shape.ts';

export const client = defineClient({
  id: 'zed',
  title: 'Zed',
  kind: 'gui',
  footprints: [{ darwin: '~/.config/zed', linux: '$XDG_CONFIG_HOME/zed', win32: '%APPDATA%/Zed' }],
  files: [
    { scope: 'project', path: '<project>/.zed/settings.json', format: 'jsonc', tolerates: LENIENT, keys: [['context_servers']] },
    {
      scope: 'user',
      path: { darwin: '~/.config/zed/settings.json', linux: '$XDG_CONFIG_HOME/zed/settings.json', win32: '%APPDATA%/Zed/settings.json' },
      format: 'jsonc',
      tolerates: LENIENT,
      keys: [['context_servers']],
    },
    {
      scope: 'user',
      path: { darwin: '~/Library/Application Support/Zed/settings.json' },
      format: 'jsonc',
      tolerates: LENIENT,
      keys: [['context_servers']],
      read: 'never',
    },
  ],
  precedence: ['project', 'user'],
  merge: 'replace',
  shape: {
    ...COMMON_SHAPE,
    type: untyped('http'),
    disabled: { field: 'enabled', when: false },
    timeouts: [{ field: 'timeout', unit: 's', of: 'both' }],
    others: ['source', 'remote', 'settings', 'oauth'],
    commandObject: true,
  },
  badEntry: 'file',
  expansion: NO_EXPANSION,
  startup: { defaultMs: 60_000, variable: null },
  approval: { scopes: ['project'], how: 'Trust the worktree when Zed asks.', lists: [] },
  switchedOff: '`"enabled": false` in the entry, or the switch in the settings of the agent panel',
  environment: 'inherited',
  needsCmdWrapper: 'unknown',
  proxyVariables: 'read',
  logs: [
    { path: { darwin: '~/Library/Logs/Zed/Zed.log', linux: '~/.local/share/zed/logs/Zed.log', win32: '%LOCALAPPDATA%/Zed/logs/Zed.log' } },
  ],
  reconnects: { remote: 'no', stdio: 'no' },
  reload: 'Switch {name} off and on again in the settings of the agent panel; saving a changed entry restarts it too.',
  names: null,
  notes: [
    'The servers are in `context_servers`, within the settings of the whole editor.',
    'A broken entry can make the editor refuse the whole settings file.',
  ],
  refs: ['https://zed.dev/docs/ai/mcp', 'https://github.com/zed-industries/zed/blob/main/crates/settings_content/src/project.rs'],
});
