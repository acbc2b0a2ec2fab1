import { defineClient, NO_APPROVAL, NO_EXPANSION } from './client.ts';
import { COMMON_SHAPE } from './shape.ts';

export const client = defineClient({
  id: 'junie',
  title: 'JetBrains Junie',
  kind: 'gui',
  footprints: ['~/.junie'],
  files: [
    { scope: 'project', path: '<project>/.junie/mcp/mcp.json', format: 'json', keys: [['mcpServers']] },
    { scope: 'user', path: '~/.junie/mcp/mcp.json', format: 'json', keys: [['mcpServers']] },
  ],
  precedence: ['project', 'user'],
  merge: 'unknown',
  shape: {
    ...COMMON_SHAPE,
    type: {
      field: 'type',
      words: { stdio: 'stdio', 'streamable-http': 'http', http: 'http', sse: 'sse' },
      missingWithUrl: 'unknown',
      missingWithCommand: 'stdio',
      write: { stdio: null, http: 'streamable-http', sse: 'sse' },
    },
  },
  badEntry: 'unknown',
  expansion: NO_EXPANSION,
  startup: { defaultMs: 'unknown', variable: null },
  approval: NO_APPROVAL,
  switchedOff: 'in the settings of the plugin',
  environment: 'unknown',
  needsCmdWrapper: 'unknown',
  proxyVariables: 'unknown',
  logs: [
    {
      path: {
        darwin: '~/Library/Logs/JetBrains/*/idea.log',
        win32: '%LOCALAPPDATA%/JetBrains/*/log/idea.log',
        linux: '$XDG_CACHE_HOME/JetBrains/*/log/idea.log',
      },
      note: 'Help > Show Log',
    },
  ],
  reconnects: { remote: 'unknown', stdio: 'unknown' },
  reload: 'Switch {name} off and on again in the settings of Junie.',
  names: null,
  notes: ['Its help names local servers only; remote ones work in newer versions. `npx -y mcp-remote URL` works in all.'],
  refs: ['https://junie.jetbrains.com/docs/model-context-protocol-mcp.html'],
});
