import { BY_COMMAND, jsonWith } from '../../servers/machine.ts';
import { broken, sound } from './config-case.ts';

const UNIT = { status: 'warning', findings: ['config-timeout-unit'], target: 'lab' } as const;

export default [
  broken({
    id: 'config-timeout-unit/seconds-in-opencode',
    client: 'opencode',
    text: jsonWith('mcp', { type: 'local', command: ['<node>', '<server>'], timeout: 30 }),
    expect: { ...UNIT, status: ['warning', 'failed'], cause: [null, 'config-timeout-unit'], says: /30/ },
  }),
  broken({
    id: 'config-timeout-unit/seconds-in-gemini',
    client: 'gemini-cli',
    text: jsonWith('mcpServers', { ...BY_COMMAND, timeout: 60 }),
    expect: { ...UNIT, status: ['warning', 'failed'], cause: [null, 'config-timeout-unit'], says: /60/ },
  }),
  broken({
    id: 'config-timeout-unit/milliseconds-in-crush',
    client: 'crush',
    text: jsonWith('mcp', { type: 'stdio', ...BY_COMMAND, timeout: 30_000 }),
    expect: { ...UNIT, says: /30000/ },
  }),
  broken({
    id: 'config-timeout-unit/milliseconds-in-codex',
    client: 'codex',
    text: '[mcp_servers.lab]\ncommand = "<node>"\nargs = ["<server>"]\nstartup_timeout_sec = 20000\n',
    expect: { ...UNIT, says: /20000/ },
  }),
  sound({
    id: 'config-timeout-unit/right-in-opencode',
    client: 'opencode',
    text: jsonWith('mcp', { type: 'local', command: ['<node>', '<server>'], timeout: 30_000 }),
  }),
  sound({
    id: 'config-timeout-unit/right-in-codex',
    client: 'codex',
    text: '[mcp_servers.lab]\ncommand = "<node>"\nargs = ["<server>"]\nstartup_timeout_sec = 20\n',
  }),
];
