import { ALL_FIELDS, defineClient, LENIENT, NO_APPROVAL, type PathOverride } from './client.ts';
import { COMMON_SHAPE, type EntryShape } from './shape.ts';

const SHAPE: EntryShape = {
  ...COMMON_SHAPE,
  type: {
    field: 'type',
    words: { stdio: 'stdio', 'streamable-http': 'http', sse: 'sse' },
    missingWithUrl: 'http-or-sse',
    missingWithCommand: 'stdio',
    write: { stdio: null, http: 'streamable-http', sse: 'sse' },
  },
  cwd: 'cwd',
  headers: ['requestOptions', 'headers'],
  timeouts: [{ field: 'connectionTimeout', unit: 'ms', of: 'startup' }],
  others: ['name', 'apiKey', 'faviconUrl', 'sourceFile'],
};

/** Its JSON files have the form of Claude Code. */
const JSON_SHAPE: EntryShape = {
  ...SHAPE,
  type: { ...SHAPE.type, words: { ...SHAPE.type.words, http: 'http' }, write: { stdio: null, http: 'http', sse: 'sse' } },
  headers: ['headers'],
};

function moved(tail: string): readonly PathOverride[] {
  return [{ variable: 'CONTINUE_GLOBAL_DIR', path: `$VALUE/${tail}` }];
}

export const client = defineClient({
  id: 'continue',
  title: 'Continue',
  kind: 'gui',
  footprints: ['~/.continue'],
  files: [
    { scope: 'project', path: '<project>/.continue/mcpServers/*.yaml', format: 'yaml', keys: [['mcpServers']], list: true },
    { scope: 'project', path: '<project>/.continue/mcpServers/*.yml', format: 'yaml', keys: [['mcpServers']], list: true },
    {
      scope: 'project',
      path: '<project>/.continue/mcpServers/*.json',
      format: 'jsonc',
      tolerates: LENIENT,
      keys: [['mcpServers']],
      shape: JSON_SHAPE,
    },
    { scope: 'user', path: '~/.continue/config.yaml', overrides: moved('config.yaml'), format: 'yaml', keys: [['mcpServers']], list: true },
    {
      scope: 'user',
      path: '~/.continue/mcpServers/*.yaml',
      overrides: moved('mcpServers/*.yaml'),
      format: 'yaml',
      keys: [['mcpServers']],
      list: true,
    },
    {
      scope: 'user',
      path: '~/.continue/mcpServers/*.json',
      overrides: moved('mcpServers/*.json'),
      format: 'jsonc',
      tolerates: LENIENT,
      keys: [['mcpServers']],
      shape: JSON_SHAPE,
    },
  ],
  precedence: ['project', 'user'],
  merge: 'side-by-side',
  shape: SHAPE,
  badEntry: 'unknown',
  expansion: { forms: ['${{ secrets. }}', '${}'], fields: ALL_FIELDS, predefined: [], from: 'own-store', whenUnset: 'unknown' },
  startup: { defaultMs: 20_000, variable: null },
  approval: NO_APPROVAL,
  switchedOff: 'in the tools section of the panel; the file does not show it',
  environment: 'inherited',
  needsCmdWrapper: 'no',
  proxyVariables: 'unknown',
  logs: [{ path: '~/.continue/logs/core.log' }],
  reconnects: { remote: 'no', stdio: 'no' },
  reload: 'Press the reload button in the tools section, or save the file.',
  names: null,
  notes: ['In YAML the servers are a list and each has a `name`.', 'Tools are there in agent mode only.', '`envFile` is not supported.'],
  refs: [
    'https://docs.continue.dev/customize/deep-dives/mcp',
    'https://github.com/continuedev/continue/blob/main/core/context/mcp/MCPConnection.ts',
  ],
});
