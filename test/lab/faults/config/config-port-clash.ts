import { broken, sound } from './config-case.ts';

function two(first: object, second: object): string {
  return JSON.stringify({
    mcpServers: { lab: { command: '<node>', args: ['<server>'], ...first }, other: { command: '<node>', args: ['<server>'], ...second } },
  });
}

const CLASH = { status: 'warning', findings: ['config-port-clash'], target: 'lab' } as const;

export default [
  broken({
    id: 'config-port-clash/variables',
    client: 'claude-desktop',
    text: two({ env: { PORT: '3917' } }, { env: { PORT: '3917' } }),
    expect: { ...CLASH, says: /3917/ },
  }),
  broken({
    id: 'config-port-clash/arguments',
    client: 'cursor',
    text: two({ args: ['<server>', '--port', '3917'] }, { args: ['<server>', '--port=3917'] }),
    expect: CLASH,
  }),
  broken({
    id: 'config-port-clash/across-clients',
    files: {
      '~/.cursor/mcp.json': '{ "mcpServers": { "lab": { "command": "<node>", "args": ["<server>", "--port", "3917"] } } }',
      '~/.codex/config.toml': '[mcp_servers.other]\ncommand = "<node>"\nargs = ["<server>", "--port", "3917"]\n',
    },
    expect: CLASH,
  }),
  sound({
    id: 'config-port-clash/two-ports',
    client: 'claude-desktop',
    text: two({ env: { PORT: '3917' } }, { env: { PORT: '3918' } }),
  }),
];
