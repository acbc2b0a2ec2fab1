import { defineClient, NO_APPROVAL } from './client.ts';
import { COMMON_SHAPE } from './shape.ts';

export const client = defineClient({
  id: 'librechat',
  title: 'LibreChat',
  kind: 'server',
  footprints: [],
  files: [
    {
      scope: 'project',
      path: '<project>/librechat.yaml',
      overrides: [{ variable: 'CONFIG_PATH', path: '$VALUE' }],
      format: 'yaml',
      keys: [['mcpServers']],
    },
  ],
  precedence: ['project'],
  merge: 'replace',
  shape: {
    ...COMMON_SHAPE,
    type: {
      field: 'type',
      words: { stdio: 'stdio', 'streamable-http': 'http', http: 'http', sse: 'sse', websocket: 'other' },
      missingWithUrl: 'sse',
      missingWithCommand: 'stdio',
      write: { stdio: null, http: 'streamable-http', sse: 'sse' },
    },
    timeouts: [
      { field: 'initTimeout', unit: 'ms', of: 'startup' },
      { field: 'timeout', unit: 'ms', of: 'tool' },
    ],
    others: [
      'proxy',
      'requiresOAuth',
      'oauth',
      'customUserVars',
      'serverInstructions',
      'iconPath',
      'chatMenu',
      'startup',
      'title',
      'description',
      'stderr',
    ],
  },
  badEntry: 'unknown',
  expansion: {
    forms: ['${}', '{{}}'],
    fields: ['url', 'headers', 'env', 'args'],
    predefined: [],
    from: 'process',
    whenUnset: 'unknown',
  },
  startup: { defaultMs: 'unknown', variable: null },
  approval: NO_APPROVAL,
  switchedOff: 'nowhere: remove the entry',
  environment: 'unknown',
  needsCmdWrapper: 'unknown',
  proxyVariables: 'unknown',
  logs: [
    { path: '<project>/api/logs/error-*.log' },
    { path: '<project>/api/logs/debug-*.log' },
    { path: {}, note: 'the output of the container' },
  ],
  reconnects: { remote: 'yes', stdio: 'unknown' },
  reload: 'Press the button to reinitialise {name} in the MCP panel, or restart LibreChat.',
  names: null,
  notes: [
    'Private addresses need `mcpSettings.allowedDomains`.',
    'In Docker `localhost` is the container: the host is host.docker.internal.',
  ],
  refs: ['https://www.librechat.ai/docs/configuration/librechat_yaml/object_structure/mcp_servers'],
});
