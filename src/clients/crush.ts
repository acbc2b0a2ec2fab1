import { defineClient, NO_APPROVAL, type FileRule } from './client.ts';
import { COMMON_SHAPE } from './shape.ts';

const FORM = { format: 'json', keys: [['mcp']] } as const satisfies Partial<FileRule>;

export const client = defineClient({
  id: 'crush',
  title: 'Crush',
  kind: 'cli',
  footprints: ['$XDG_CONFIG_HOME/crush', { linux: '~/.local/share/crush', darwin: '~/.local/share/crush', win32: '%LOCALAPPDATA%/crush' }],
  files: [
    { ...FORM, scope: 'project', path: '<project>/.crush.json' },
    { ...FORM, scope: 'project', path: '<project>/crush.json' },
    {
      ...FORM,
      scope: 'user',
      path: '$XDG_CONFIG_HOME/crush/crush.json',
      overrides: [{ variable: 'CRUSH_GLOBAL_CONFIG', path: '$VALUE/crush.json' }],
    },
    {
      ...FORM,
      scope: 'system',
      path: {
        linux: '~/.local/share/crush/crush.json',
        darwin: '~/.local/share/crush/crush.json',
        win32: '%LOCALAPPDATA%/crush/crush.json',
      },
      overrides: [{ variable: 'CRUSH_GLOBAL_DATA', path: '$VALUE/crush.json' }],
      note: 'Written by Crush itself.',
    },
  ],
  precedence: ['project', 'user', 'system'],
  merge: 'deep',
  shape: {
    ...COMMON_SHAPE,
    type: {
      field: 'type',
      words: { stdio: 'stdio', http: 'http', sse: 'sse' },
      missingWithUrl: 'error',
      missingWithCommand: 'error',
      write: { stdio: 'stdio', http: 'http', sse: 'sse' },
    },
    disabled: { field: 'disabled', when: true },
    timeouts: [{ field: 'timeout', unit: 's', of: 'both' }],
    others: ['disabled_tools', 'enabled_tools', 'oauth', 'oauth_client_id', 'oauth_client_secret', 'oauth_callback_port'],
  },
  badEntry: 'unknown',
  expansion: {
    forms: ['$', '${}', '${:-}', '$()'],
    fields: ['env', 'headers', 'url', 'command', 'args'],
    predefined: [],
    from: 'process',
    whenUnset: 'empty',
  },
  startup: { defaultMs: 10_000, variable: null },
  approval: NO_APPROVAL,
  switchedOff: '`"disabled": true` in the entry',
  environment: 'inherited',
  needsCmdWrapper: 'unknown',
  proxyVariables: 'read',
  logs: [{ path: '<project>/.crush/logs/crush.log' }],
  reconnects: { remote: 'partly', stdio: 'unknown' },
  reload: 'Restart crush.',
  names: null,
  notes: [
    'Newer versions prefer a `crushrc` shell script with `mcp add` commands, which mcpreach does not read; the JSON files still work.',
    'A header that expands to nothing is left out.',
    'Ten seconds for starting are too short for a first `npx` run: set `timeout`, in seconds.',
  ],
  refs: ['https://github.com/charmbracelet/crush/blob/main/internal/config/config.go'],
});
