import { defineClient, NO_APPROVAL } from './client.ts';
import { COMMON_SHAPE, untyped } from './shape.ts';

export const client = defineClient({
  id: 'warp',
  title: 'Warp',
  kind: 'gui',
  footprints: ['~/.warp'],
  files: [
    { scope: 'project', path: '<project>/.warp/.mcp.json', format: 'json', keys: [['mcpServers']] },
    { scope: 'user', path: '~/.warp/.mcp.json', format: 'json', keys: [['mcpServers']] },
  ],
  precedence: ['project', 'user'],
  merge: 'unknown',
  shape: { ...COMMON_SHAPE, type: untyped('http-or-sse'), cwd: 'working_directory', others: ['type', 'start_on_launch'] },
  badEntry: 'unknown',
  expansion: { forms: ['{{}}'], fields: ['env'], predefined: [], from: 'own-store', whenUnset: 'unknown' },
  startup: { defaultMs: 'unknown', variable: null },
  approval: NO_APPROVAL,
  switchedOff: 'on the MCP page of the settings; the file does not show it',
  environment: 'unknown',
  needsCmdWrapper: 'unknown',
  proxyVariables: 'unknown',
  logs: [
    {
      path: {
        darwin: '~/Library/Group Containers/2BBY89MBSN.dev.warp/Library/Application Support/dev.warp.Warp-Stable/mcp/*',
        win32: '%LOCALAPPDATA%/warp/Warp/data/logs/mcp/*',
        linux: '~/.local/state/warp-terminal/mcp/*',
      },
    },
  ],
  reconnects: { remote: 'unknown', stdio: 'unknown' },
  reload: 'Press Stop and Start of {name} on the MCP page of the settings.',
  names: null,
  notes: ['The field is `working_directory`, not `cwd`.', 'Warp also starts servers from the files of Claude Code and Codex.'],
  refs: ['https://docs.warp.dev/knowledge-and-collaboration/mcp'],
});
