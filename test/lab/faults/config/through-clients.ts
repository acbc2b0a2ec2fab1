/** Faults of servers and addresses that only show when a certain client starts or asks them. */
import { dirname } from 'node:path';
import { defineFault, defineNearMiss, type Fault } from '../../fault.ts';
import { BY_COMMAND, jsonWith, type LabClient, machine, USER_FILE } from '../../servers/machine.ts';
import { scriptCommand } from '../../servers/stdio-script.ts';
import { broken, sound } from './config-case.ts';

/** A command that is on the PATH of the user's shell only. */
function fromTheShell(id: string, client: LabClient, key: string, expect: Parameters<typeof defineFault>[0]['expect']): Fault {
  return (expect.status === 'ok' ? defineNearMiss : defineFault)({
    id: `config/${id}`,
    group: 'config',
    async arrange(bench) {
      const tool = await bench.executable('lab-tool', `#!/bin/sh\nexec ${(await scriptCommand(bench)).join(' ')}\n`);
      return machine(bench, {
        files: { [USER_FILE[client]]: jsonWith(key, { command: 'lab-tool' }) },
        words: [`${client}:`],
        env: { PATH: `${dirname(tool)}:${process.env['PATH']}`, SHELL: '/bin/sh' },
      });
    },
    expect,
    within: 15_000,
  });
}

export default [
  fromTheShell('env-path-missing/claude-desktop', 'claude-desktop', 'mcpServers', {
    status: 'failed',
    cause: 'env-path-missing',
    says: /lab-tool/,
    remedy: /lab-tool/,
  }),
  fromTheShell('env-path-missing/program-of-the-shell', 'claude-code', 'mcpServers', { status: 'ok' }),
  broken({
    id: 'cwd-missing/vscode',
    client: 'vscode',
    text: jsonWith('servers', { ...BY_COMMAND, cwd: '<home>/moved/away' }),
    expect: { status: 'failed', cause: 'cwd-missing', says: /moved/ },
  }),
  broken({
    id: 'cwd-missing/codex-names-a-file',
    client: 'codex',
    text: '[mcp_servers.lab]\ncommand = "<node>"\nargs = ["<server>"]\ncwd = "<server>"\n',
    expect: { status: 'failed', cause: 'cwd-missing' },
  }),
  sound({ id: 'cwd-missing/there', client: 'vscode', text: jsonWith('servers', { ...BY_COMMAND, cwd: '<home>' }) }),
  broken({
    id: 'missing-env/not-handed-on',
    client: 'claude-desktop',
    text: jsonWith('mcpServers', BY_COMMAND),
    script: { boot: "if (!process.env.LAB_KEY) { console.error('LAB_KEY is required'); process.exit(1); }" },
    env: { LAB_KEY: 'lab-token-9f8e7d6c5b' },
    expect: { status: 'failed', cause: 'missing-env', says: /LAB_KEY/ },
    secrets: ['lab-token-9f8e7d6c5b'],
  }),
  broken({
    id: 'command-not-found/goose',
    client: 'goose',
    text: 'extensions:\n  lab:\n    type: stdio\n    cmd: mcp-server-of-nobody\n    args: []\n    enabled: true\n',
    expect: { status: 'failed', cause: 'command-not-found', says: /mcp-server-of-nobody/ },
  }),
  broken({
    id: 'timeout-slow-start/opencode',
    client: 'opencode',
    text: jsonWith('mcp', { type: 'local', command: ['<node>', '<server>'], timeout: 2000 }),
    script: { boot: 'await new Promise((resolve) => setTimeout(resolve, 3500));' },
    expect: { status: 'failed', cause: 'timeout-slow-start', certainty: 'proved' },
  }),
  sound({
    id: 'timeout-slow-start/the-same-in-claude-code',
    client: 'claude-code',
    text: jsonWith('mcpServers', BY_COMMAND),
    script: { boot: 'await new Promise((resolve) => setTimeout(resolve, 3500));' },
  }),
  broken({
    id: 'server-not-running/cursor',
    client: 'cursor',
    text: jsonWith('mcpServers', { url: 'http://127.0.0.1:<port>/mcp' }),
    args: ['--patience', '0'],
    expect: { status: 'failed', cause: ['server-not-running', 'wrong-port'] },
  }),
  broken({
    id: 'sse-legacy/typed-sse',
    client: 'claude-code',
    text: jsonWith('mcpServers', { type: 'sse', url: '<url>' }),
    expect: { status: 'failed', cause: 'sse-legacy' },
  }),
  broken({
    id: 'wrong-transport/address-as-command',
    client: 'claude-desktop',
    text: jsonWith('mcpServers', { command: '<url>' }),
    expect: { status: 'failed', cause: ['wrong-transport', 'config-bad-entry'] },
  }),
];
