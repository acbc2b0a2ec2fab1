import { BY_COMMAND, jsonWith } from '../../servers/machine.ts';
import { broken, sound } from './config-case.ts';

const IGNORED = { status: 'warning', findings: ['config-ignored-field'], target: 'lab' } as const;

export default [
  broken({
    id: 'config-ignored-field/headers-in-codex',
    client: 'codex',
    text: '[mcp_servers.lab]\nurl = "<url>"\n[mcp_servers.lab.headers]\nX-Team = "lab"\n',
    expect: IGNORED,
  }),
  broken({
    id: 'config-ignored-field/env-in-opencode',
    client: 'opencode',
    text: jsonWith('mcp', { type: 'local', command: ['<node>', '<server>'], env: { LAB_LEVEL: 'debug' } }),
    expect: IGNORED,
  }),
  broken({
    id: 'config-ignored-field/cwd-in-claude-desktop',
    client: 'claude-desktop',
    text: jsonWith('mcpServers', { ...BY_COMMAND, cwd: '<home>' }),
    expect: { ...IGNORED, says: /cwd/ },
  }),
  broken({
    id: 'config-ignored-field/field-of-another-client',
    client: 'cursor',
    text: jsonWith('mcpServers', { ...BY_COMMAND, environment: { LAB_LEVEL: 'debug' } }),
    expect: { ...IGNORED, says: /environment/ },
  }),
  sound({
    id: 'config-ignored-field/cwd-where-it-is-known',
    client: 'gemini-cli',
    text: jsonWith('mcpServers', { ...BY_COMMAND, cwd: '<home>' }),
  }),
  sound({
    id: 'config-ignored-field/all-fields-of-vscode',
    client: 'vscode',
    text: jsonWith('servers', { type: 'stdio', ...BY_COMMAND, env: { LAB_LEVEL: 'debug' }, cwd: '<home>', dev: { watch: '*.js' } }),
  }),
];
