import { jsonWith } from '../../servers/machine.ts';
import { broken, sound } from './config-case.ts';

const DUPLICATE = { findings: ['config-duplicate-name'] } as const;
const USER = { '~/.cursor/mcp.json': jsonWith('mcpServers', { url: '<url>' }) };

export default [
  broken({
    id: 'config-duplicate-name/project-over-user',
    files: { ...USER, '.cursor/mcp.json': jsonWith('mcpServers', { url: '<url>?project' }) },
    words: ['cursor:'],
    expect: { ...DUPLICATE, status: ['warning', 'skipped'] },
  }),
  broken({
    id: 'config-duplicate-name/the-one-that-counts-is-broken',
    files: {
      '~/.claude.json': JSON.stringify({
        mcpServers: { lab: { type: 'http', url: '<url>' } },
        projects: { '<project>': { mcpServers: { lab: { command: 'mcp-server-of-nobody' } } } },
      }),
    },
    words: ['claude-code:'],
    expect: { ...DUPLICATE, status: 'failed', cause: 'command-not-found' },
  }),
  sound({
    id: 'config-duplicate-name/of-two-clients',
    files: { ...USER, '~/.config/Code/User/mcp.json': jsonWith('servers', { type: 'http', url: '<url>' }) },
    words: ['cursor:', 'vscode:'],
  }),
  sound({
    id: 'config-duplicate-name/two-names',
    files: { ...USER, '.cursor/mcp.json': jsonWith('mcpServers', { url: '<url>' }, 'other') },
    words: ['cursor:'],
  }),
];
