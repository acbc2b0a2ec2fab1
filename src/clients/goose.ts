import { defineClient, NO_APPROVAL } from './client.ts';
import { COMMON_SHAPE } from './shape.ts';

export const client = defineClient({
  id: 'goose',
  title: 'Goose',
  kind: 'gui',
  footprints: [{ linux: '$XDG_CONFIG_HOME/goose', darwin: '~/.config/goose', win32: '%APPDATA%/Block/goose' }],
  files: [
    {
      scope: 'user',
      path: {
        linux: '$XDG_CONFIG_HOME/goose/config.yaml',
        darwin: '~/.config/goose/config.yaml',
        win32: '%APPDATA%/Block/goose/config/config.yaml',
      },
      format: 'yaml',
      keys: [['extensions']],
    },
  ],
  precedence: ['user'],
  merge: 'replace',
  shape: {
    ...COMMON_SHAPE,
    type: {
      field: 'type',
      words: { stdio: 'stdio', streamable_http: 'http', builtin: 'other', platform: 'other', frontend: 'other', inline_python: 'other' },
      missingWithUrl: 'error',
      missingWithCommand: 'error',
      write: { stdio: 'stdio', http: 'streamable_http', sse: 'streamable_http' },
    },
    command: 'cmd',
    env: 'envs',
    urls: [{ field: 'uri', transport: null }],
    passedVariables: 'env_keys',
    disabled: { field: 'enabled', when: false },
    timeouts: [{ field: 'timeout', unit: 's', of: 'both' }],
    others: ['name', 'description', 'display_name', 'bundled', 'available_tools', 'code', 'dependencies', 'socket'],
  },
  badEntry: 'unknown',
  expansion: { forms: ['${}'], fields: ['headers'], predefined: [], from: 'process', whenUnset: 'unknown' },
  startup: { defaultMs: 300_000, variable: null },
  approval: NO_APPROVAL,
  switchedOff: '`enabled: false` in the entry',
  environment: 'inherited',
  needsCmdWrapper: 'unknown',
  proxyVariables: 'read',
  logs: ['cli', 'server'].map((part) => ({
    path: {
      linux: `$XDG_STATE_HOME/goose/logs/${part}/*/*.log`,
      darwin: `~/.local/state/goose/logs/${part}/*/*.log`,
      win32: `%APPDATA%/Block/goose/data/logs/${part}/*/*.log`,
    },
  })),
  reconnects: { remote: 'unknown', stdio: 'unknown' },
  reload: 'Start a new goose session.',
  names: null,
  notes: [
    'Fields have names of their own: `cmd`, `envs`, `uri`.',
    'The type `sse` is no longer supported.',
    'Variables such as PATH and LD_PRELOAD are refused in `envs`; GOOSE_SEARCH_PATHS adds folders to PATH.',
  ],
  refs: ['https://block.github.io/goose/docs/guides/config-files'],
});
