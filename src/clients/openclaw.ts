import { ALL_FIELDS, defineClient, NO_APPROVAL } from './client.ts';
import { COMMON_SHAPE } from './shape.ts';

export const client = defineClient({
  id: 'openclaw',
  title: 'OpenClaw',
  kind: 'server',
  footprints: ['~/.openclaw'],
  files: [
    {
      scope: 'user',
      path: '~/.openclaw/openclaw.json',
      overrides: [
        { variable: 'OPENCLAW_CONFIG_PATH', path: '$VALUE' },
        { variable: 'OPENCLAW_STATE_DIR', path: '$VALUE/openclaw.json' },
        { variable: 'OPENCLAW_HOME', path: '$VALUE/.openclaw/openclaw.json' },
      ],
      format: 'json5',
      keys: [['mcp', 'servers']],
    },
  ],
  precedence: ['user'],
  merge: 'replace',
  shape: {
    ...COMMON_SHAPE,
    type: {
      field: 'transport',
      words: { stdio: 'stdio', 'streamable-http': 'http', sse: 'sse' },
      missingWithUrl: 'sse',
      missingWithCommand: 'stdio',
      write: { stdio: null, http: 'streamable-http', sse: 'sse' },
    },
    cwd: 'cwd',
    disabled: { field: 'enabled', when: false },
    timeouts: [
      { field: 'connectionTimeoutMs', unit: 'ms', of: 'startup' },
      { field: 'requestTimeoutMs', unit: 'ms', of: 'tool' },
    ],
    others: ['workingDirectory', 'auth', 'sslVerify', 'clientCert', 'clientKey', 'toolFilter'],
  },
  badEntry: 'file',
  expansion: { forms: ['${}'], fields: ALL_FIELDS, predefined: [], from: 'process', whenUnset: 'unknown' },
  startup: { defaultMs: 'unknown', variable: null },
  approval: NO_APPROVAL,
  switchedOff: '`enabled: false` in the entry',
  environment: 'unknown',
  needsCmdWrapper: 'unknown',
  proxyVariables: 'unknown',
  logs: [{ path: {}, note: '`openclaw logs --follow`' }],
  reconnects: { remote: 'unknown', stdio: 'unknown' },
  reload: 'Run `openclaw mcp reload`.',
  names: null,
  notes: [
    'The field is `transport`, not `type`; without it an address is taken for HTTP+SSE.',
    'An unknown key keeps the gateway from starting.',
  ],
  refs: ['https://docs.openclaw.ai/cli/mcp', 'https://github.com/openclaw/openclaw/blob/main/docs/cli/config.md'],
});
