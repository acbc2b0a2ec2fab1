import { BY_COMMAND, jsonWith } from '../../servers/machine.ts';
import { broken, sound } from './config-case.ts';

const WRONG = { status: 'failed', cause: 'config-wrong-file', target: 'lab' } as const;

export default [
  broken({
    id: 'config-wrong-file/claude-settings',
    files: { '~/.claude/settings.json': jsonWith('mcpServers', BY_COMMAND) },
    words: ['claude-code:'],
    expect: { ...WRONG, layer: 'config' },
  }),
  broken({
    id: 'config-wrong-file/claude-folder',
    files: { '~/.claude/mcp.json': jsonWith('mcpServers', BY_COMMAND) },
    words: ['claude-code:'],
    expect: WRONG,
  }),
  broken({
    id: 'config-wrong-file/claude-project-folder',
    files: { '.claude/mcp.json': jsonWith('mcpServers', { type: 'http', url: '<url>' }) },
    words: ['claude-code:'],
    expect: WRONG,
  }),
  broken({
    id: 'config-wrong-file/cline',
    files: { '~/.cline/mcp.json': jsonWith('mcpServers', BY_COMMAND) },
    words: ['cline:'],
    expect: WRONG,
  }),
  sound({ id: 'config-wrong-file/right-file', client: 'claude-code', text: jsonWith('mcpServers', BY_COMMAND) }),
  sound({
    id: 'config-wrong-file/local-scope',
    client: 'claude-code',
    text: '{ "projects": { "<project>": { "mcpServers": { "lab": { "command": "<node>", "args": ["<server>"] } } } } }\n',
  }),
];
