import { defineClient, NO_APPROVAL, NO_EXPANSION } from './client.ts';
import { COMMON_SHAPE, untyped } from './shape.ts';

const PACKAGE = '%LOCALAPPDATA%/Packages/Claude_*/LocalCache/Roaming/Claude';

export const client = defineClient({
  id: 'claude-desktop',
  title: 'Claude Desktop',
  kind: 'gui',
  footprints: [
    { darwin: '~/Library/Application Support/Claude', win32: '%APPDATA%/Claude', linux: '$XDG_CONFIG_HOME/Claude' },
    { win32: PACKAGE },
  ],
  files: [
    {
      scope: 'user',
      path: { win32: `${PACKAGE}/claude_desktop_config.json` },
      format: 'json',
      keys: [['mcpServers']],
      note: 'The packaged (MSIX) app, the default on Windows, reads this copy and not the one below %APPDATA%.',
    },
    {
      scope: 'user',
      path: {
        darwin: '~/Library/Application Support/Claude/claude_desktop_config.json',
        win32: '%APPDATA%/Claude/claude_desktop_config.json',
        linux: '$XDG_CONFIG_HOME/Claude/claude_desktop_config.json',
      },
      format: 'json',
      keys: [['mcpServers']],
      notReadIf: { win32: PACKAGE },
    },
  ],
  precedence: ['user'],
  merge: 'replace',
  shape: { ...COMMON_SHAPE, type: untyped('error'), urls: [], headers: null },
  badEntry: 'entry',
  expansion: NO_EXPANSION,
  startup: { defaultMs: 60_000, variable: null },
  approval: NO_APPROVAL,
  switchedOff: 'in Settings > Developer and in Settings > Connectors, not in the file',
  environment: 'restricted',
  needsCmdWrapper: 'sometimes',
  proxyVariables: 'unknown',
  logs: [
    {
      path: {
        darwin: '~/Library/Logs/Claude/mcp-server-<server>.log',
        win32: '%APPDATA%/Claude/logs/mcp-server-<server>.log',
        linux: '$XDG_CONFIG_HOME/Claude/logs/mcp-server-<server>.log',
      },
    },
    {
      path: {
        darwin: '~/Library/Logs/Claude/mcp.log',
        win32: '%APPDATA%/Claude/logs/mcp.log',
        linux: '$XDG_CONFIG_HOME/Claude/logs/mcp.log',
      },
    },
    { path: { win32: `${PACKAGE}/logs/mcp-server-<server>.log` }, note: 'packaged app' },
    { path: { win32: `${PACKAGE}/logs/mcp.log` }, note: 'packaged app' },
  ],
  reconnects: { remote: 'no', stdio: 'no' },
  reload: 'Quit Claude Desktop from its menu or tray icon (closing the window is not enough) and open it again.',
  names: null,
  notes: [
    'The file takes local servers only: a remote one is added under Settings > Connectors, or bridged with `npx -y mcp-remote URL`.',
    'On macOS the commands are looked up in the system folders and /opt/homebrew/bin, not on the PATH of the shell.',
    'The working directory may be `/`: paths are to be absolute. Neither variables nor `~` are expanded.',
  ],
  refs: ['https://modelcontextprotocol.io/docs/develop/connect-local-servers', 'https://modelcontextprotocol.io/docs/tools/debugging'],
});
