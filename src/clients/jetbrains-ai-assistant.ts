import { defineClient, NO_APPROVAL, NO_EXPANSION } from './client.ts';
import { COMMON_SHAPE, untyped } from './shape.ts';

export const client = defineClient({
  id: 'jetbrains-ai-assistant',
  title: 'JetBrains AI Assistant',
  kind: 'gui',
  footprints: ['~/.ai/mcp'],
  files: [
    { scope: 'project', path: '<project>/.ai/mcp/mcp.json', format: 'json', keys: [['mcpServers']] },
    { scope: 'user', path: '~/.ai/mcp/mcp.json', format: 'json', keys: [['mcpServers']] },
  ],
  precedence: ['project', 'user'],
  merge: 'unknown',
  shape: { ...COMMON_SHAPE, type: untyped('http'), others: ['type'] },
  badEntry: 'unknown',
  expansion: NO_EXPANSION,
  startup: { defaultMs: 'unknown', variable: null },
  approval: NO_APPROVAL,
  switchedOff: 'in Settings | Tools | AI Assistant | Model Context Protocol (MCP)',
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
  reload: 'Press Apply in Settings | Tools | AI Assistant | Model Context Protocol (MCP).',
  names: null,
  notes: ['Most servers are added in the settings, which keep them in files of the IDE.'],
  refs: ['https://www.jetbrains.com/help/ai-assistant/mcp.html'],
});
