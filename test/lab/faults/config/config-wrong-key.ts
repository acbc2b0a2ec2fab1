import { BY_COMMAND, jsonWith } from '../../servers/machine.ts';
import { broken, sound } from './config-case.ts';

const WRONG = { status: 'failed', cause: 'config-wrong-key', layer: 'config', target: 'lab' } as const;
const URL_ENTRY = { url: '<url>' };

export default [
  broken({
    id: 'config-wrong-key/vscode',
    client: 'vscode',
    text: jsonWith('mcpServers', URL_ENTRY),
    expect: { ...WRONG, says: /servers/ },
  }),
  broken({
    id: 'config-wrong-key/cursor',
    client: 'cursor',
    text: jsonWith('servers', URL_ENTRY),
    expect: { ...WRONG, says: /mcpServers/ },
  }),
  broken({
    id: 'config-wrong-key/claude-desktop',
    client: 'claude-desktop',
    text: jsonWith('servers', BY_COMMAND),
    expect: { ...WRONG, says: /mcpServers/ },
  }),
  broken({ id: 'config-wrong-key/snake-case', client: 'cursor', text: jsonWith('mcp_servers', URL_ENTRY), expect: WRONG }),
  broken({ id: 'config-wrong-key/capitals', client: 'claude-desktop', text: jsonWith('mcpservers', BY_COMMAND), expect: WRONG }),
  broken({
    id: 'config-wrong-key/codex',
    client: 'codex',
    text: '[mcpServers.lab]\nurl = "<url>"\n',
    expect: { ...WRONG, says: /mcp_servers/ },
  }),
  broken({
    id: 'config-wrong-key/zed',
    client: 'zed',
    text: jsonWith('mcpServers', URL_ENTRY),
    expect: { ...WRONG, says: /context_servers/ },
  }),
  broken({
    id: 'config-wrong-key/opencode',
    client: 'opencode',
    text: jsonWith('mcpServers', { type: 'remote', url: '<url>' }),
    expect: WRONG,
  }),
  broken({
    id: 'config-wrong-key/goose',
    client: 'goose',
    text: 'mcpServers:\n  lab:\n    type: streamable_http\n    uri: <url>\n    enabled: true\n',
    expect: { ...WRONG, says: /extensions/ },
  }),
  broken({ id: 'config-wrong-key/gemini', client: 'gemini-cli', text: jsonWith('servers', { httpUrl: '<url>' }), expect: WRONG }),
  sound({ id: 'config-wrong-key/right-in-vscode', client: 'vscode', text: jsonWith('servers', URL_ENTRY) }),
  sound({ id: 'config-wrong-key/right-in-cursor', client: 'cursor', text: jsonWith('mcpServers', URL_ENTRY) }),
  sound({ id: 'config-wrong-key/right-in-codex', client: 'codex', text: '[mcp_servers.lab]\nurl = "<url>"\n' }),
  sound({
    id: 'config-wrong-key/right-in-zed',
    client: 'zed',
    text: jsonWith('context_servers', { command: '<node>', args: ['<server>'], env: {} }),
  }),
  sound({
    id: 'config-wrong-key/right-in-goose',
    client: 'goose',
    text: 'extensions:\n  lab:\n    name: lab\n    type: streamable_http\n    uri: <url>\n    enabled: true\n    timeout: 300\n',
  }),
  sound({ id: 'config-wrong-key/right-in-claude-desktop', client: 'claude-desktop', text: jsonWith('mcpServers', BY_COMMAND) }),
];
