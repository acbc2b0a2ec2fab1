import { BY_COMMAND, jsonWith } from '../../servers/machine.ts';
import { broken, sound } from './config-case.ts';

const SHARED = { '~/.claude.json': '{}\n', '.mcp.json': jsonWith('mcpServers', BY_COMMAND) };
const APPROVED = { '.claude/settings.local.json': '{ "enabledMcpjsonServers": ["lab"] }\n' };

export default [
  broken({
    id: 'config-needs-approval/nobody-agreed',
    files: { ...SHARED, ...APPROVED },
    expect: { status: 'skipped', findings: ['config-needs-approval'], target: 'claude-code:lab' },
  }),
  broken({
    id: 'config-needs-approval/naming-the-file-is-no-consent',
    files: { ...SHARED, ...APPROVED },
    args: ['--config', '.mcp.json'],
    expect: { status: 'skipped', findings: ['config-needs-approval'], target: 'lab' },
  }),
  broken({
    id: 'config-needs-approval/pending-in-the-client',
    files: SHARED,
    args: ['--yes'],
    expect: { status: 'warning', findings: ['config-needs-approval'], target: 'claude-code:lab' },
  }),
  broken({
    id: 'config-needs-approval/pending-by-address',
    files: { '~/.claude.json': '{}\n', '.mcp.json': jsonWith('mcpServers', { type: 'http', url: '<url>' }) },
    expect: { status: 'warning', findings: ['config-needs-approval'], target: 'claude-code:lab' },
  }),
  broken({
    id: 'config-needs-approval/rejected',
    files: { ...SHARED, '.claude/settings.local.json': '{ "disabledMcpjsonServers": ["lab"] }\n' },
    args: ['--yes'],
    expect: { status: 'skipped', findings: ['config-needs-approval'], target: 'claude-code:lab' },
  }),
  broken({
    id: 'config-needs-approval/project-file-of-cursor',
    files: { '.cursor/mcp.json': jsonWith('mcpServers', BY_COMMAND) },
    words: ['cursor:'],
    expect: { status: 'skipped', findings: ['config-needs-approval'], target: 'lab' },
  }),
  sound({
    id: 'config-needs-approval/approved',
    files: { ...SHARED, ...APPROVED },
    args: ['--yes'],
    expect: { status: 'ok', target: 'claude-code:lab' },
  }),
  sound({ id: 'config-needs-approval/of-the-user', client: 'claude-code', text: jsonWith('mcpServers', BY_COMMAND) }),
];
