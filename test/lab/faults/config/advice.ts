import { npmRegistry } from '../../servers/package-index.ts';
import { defineFault, defineNearMiss } from '../../fault.ts';
import { BY_COMMAND, jsonWith, machine } from '../../servers/machine.ts';
import { broken, sound } from './config-case.ts';

const TOKEN = 'ghp_16C7e42F292c6912E7710c838347Ae178B4a';

export default [
  broken({
    id: 'switched-off/cline',
    client: 'cline',
    text: jsonWith('mcpServers', { ...BY_COMMAND, disabled: true }),
    expect: { status: 'skipped', findings: ['switched-off'] },
  }),
  broken({
    id: 'switched-off/codex',
    client: 'codex',
    text: '[mcp_servers.lab]\nurl = "<url>"\nenabled = false\n',
    expect: { status: 'skipped', findings: ['switched-off'] },
  }),
  broken({
    id: 'switched-off/opencode',
    client: 'opencode',
    text: jsonWith('mcp', { type: 'remote', url: '<url>', enabled: false }),
    expect: { status: 'skipped', findings: ['switched-off'] },
  }),
  sound({ id: 'switched-off/switched-on', client: 'cline', text: jsonWith('mcpServers', { ...BY_COMMAND, disabled: false }) }),
  broken({
    id: 'not-started/no-spawn',
    client: 'cursor',
    text: jsonWith('mcpServers', BY_COMMAND),
    args: ['--no-spawn'],
    script: { boot: "(await import('node:fs')).writeFileSync('started', '');" },
    expect: { status: 'skipped', findings: ['not-started'] },
  }),
  broken({
    id: 'secret-in-config/env',
    client: 'cursor',
    text: jsonWith('mcpServers', { ...BY_COMMAND, env: { GITHUB_TOKEN: TOKEN } }),
    expect: { status: 'ok', findings: ['secret-in-config'], says: /GITHUB_TOKEN/ },
    secrets: [TOKEN],
  }),
  broken({
    id: 'secret-in-config/arguments-of-a-crash',
    client: 'claude-desktop',
    text: jsonWith('mcpServers', { command: '<node>', args: ['<server>', '--api-key', TOKEN], env: { LAB_PASSWORD: 'hunter2hunter2' } }),
    script: { boot: "console.error(process.argv.join(' '), process.env.LAB_PASSWORD); process.exit(1);" },
    expect: { status: 'failed', cause: 'crash-on-boot' },
    secrets: [TOKEN, 'hunter2hunter2'],
  }),
  broken({
    id: 'secret-in-config/broken-file',
    client: 'claude-desktop',
    text: `{ "mcpServers": { "lab": { "command": "x", "env": { "GITHUB_TOKEN": "${TOKEN}", }\n`,
    expect: { status: 'failed', cause: 'config-syntax' },
    secrets: [TOKEN],
  }),
  sound({
    id: 'secret-in-config/by-reference',
    client: 'cursor',
    text: jsonWith('mcpServers', { ...BY_COMMAND, env: { GITHUB_TOKEN: '${env:LAB_TOKEN}' } }),
    env: { LAB_TOKEN: TOKEN },
    expect: { status: 'ok', notCauses: ['secret-in-config'] },
    secrets: [TOKEN],
  }),
  ...(
    [
      ['unpinned', 'rig-server', ['unpinned-launch'], []],
      ['pinned', 'rig-server@1.0.0', [], ['unpinned-launch']],
    ] as const
  ).map(([id, name, findings, notCauses]) =>
    (id === 'pinned' ? defineNearMiss : defineFault)({
      id: `config/unpinned-launch/${id}`,
      group: 'config',
      arrange: async (bench) =>
        machine(bench, {
          files: { '~/.cursor/mcp.json': jsonWith('mcpServers', { command: 'npx', args: ['-y', name], env: await npmRegistry(bench) }) },
          words: ['cursor:'],
        }),
      expect: { status: 'ok', findings, notCauses },
      within: 30_000,
    }),
  ),
  broken({
    id: 'prefer-stdio/running-beside',
    files: {
      '~/.cursor/mcp.json': jsonWith('mcpServers', { url: '<url>' }),
      '~/.config/Claude/claude_desktop_config.json': jsonWith('mcpServers', BY_COMMAND),
    },
    expect: { status: 'ok', findings: ['prefer-stdio'], target: 'cursor:lab' },
  }),
];
