import { BY_COMMAND, jsonWith } from '../../servers/machine.ts';
import { statelessV1 } from '../../servers/sdk-v1.ts';
import { broken, sound } from './config-case.ts';

const UNSET = { status: 'failed', cause: 'config-unset-variable', target: 'lab' } as const;
const NEEDS_KEY = {
  boot: "if (!process.env.LAB_KEY || process.env.LAB_KEY.includes('{')) { console.error('LAB_KEY is required'); process.exit(1); }",
};
const TOKEN = 'lab-token-9f8e7d6c5b';

function withKey(value: string) {
  return { ...BY_COMMAND, env: { LAB_KEY: value } };
}

function withHeader(value: string, more: Readonly<Record<string, unknown>> = {}) {
  return { ...more, url: '<url>', headers: { Authorization: value } };
}

export default [
  broken({
    id: 'config-unset-variable/cursor',
    client: 'cursor',
    text: jsonWith('mcpServers', withKey('${env:LAB_TOKEN}')),
    script: NEEDS_KEY,
    expect: { ...UNSET, says: /LAB_TOKEN/ },
  }),
  broken({
    id: 'config-unset-variable/claude-code-header',
    client: 'claude-code',
    text: jsonWith('mcpServers', withHeader('Bearer ${LAB_TOKEN}', { type: 'http' })),
    app: statelessV1({ token: TOKEN }),
    expect: { ...UNSET, says: /LAB_TOKEN/ },
  }),
  broken({
    id: 'config-unset-variable/gemini',
    client: 'gemini-cli',
    text: jsonWith('mcpServers', withKey('${LAB_TOKEN}')),
    script: NEEDS_KEY,
    expect: UNSET,
  }),
  broken({
    id: 'config-unset-variable/codex-bearer',
    client: 'codex',
    text: '[mcp_servers.lab]\nurl = "<url>"\nbearer_token_env_var = "LAB_TOKEN"\n',
    app: statelessV1({ token: TOKEN }),
    expect: { ...UNSET, says: /LAB_TOKEN/ },
  }),
  broken({
    id: 'config-unset-variable/foreign-in-vscode',
    client: 'vscode',
    text: jsonWith('servers', withKey('${LAB_TOKEN}')),
    script: NEEDS_KEY,
    env: { LAB_TOKEN: TOKEN },
    expect: { ...UNSET, says: /\$\{env:LAB_TOKEN\}/ },
    secrets: [TOKEN],
  }),
  broken({
    id: 'config-unset-variable/foreign-in-opencode',
    client: 'opencode',
    text: jsonWith('mcp', withHeader('Bearer ${LAB_TOKEN}', { type: 'remote' })),
    app: statelessV1({ token: TOKEN }),
    env: { LAB_TOKEN: TOKEN },
    expect: { ...UNSET, says: /\{env:LAB_TOKEN\}/ },
    secrets: [TOKEN],
  }),
  broken({
    id: 'config-unset-variable/none-in-claude-desktop',
    client: 'claude-desktop',
    text: jsonWith('mcpServers', withKey('${LAB_TOKEN}')),
    script: NEEDS_KEY,
    env: { LAB_TOKEN: TOKEN },
    expect: UNSET,
    secrets: [TOKEN],
  }),
  broken({
    id: 'config-unset-variable/none-in-codex',
    client: 'codex',
    text: '[mcp_servers.lab]\ncommand = "<node>"\nargs = ["<server>"]\n[mcp_servers.lab.env]\nLAB_KEY = "${LAB_TOKEN}"\n',
    script: NEEDS_KEY,
    env: { LAB_TOKEN: TOKEN },
    expect: { ...UNSET, remedy: /env_vars/ },
    secrets: [TOKEN],
  }),
  broken({
    id: 'config-unset-variable/address',
    client: 'cursor',
    text: jsonWith('mcpServers', { url: 'http://${env:LAB_HOST}/mcp' }),
    expect: { ...UNSET, says: /LAB_HOST/ },
  }),
  sound({
    id: 'config-unset-variable/set',
    client: 'cursor',
    text: jsonWith('mcpServers', withHeader('Bearer ${env:LAB_TOKEN}')),
    app: statelessV1({ token: TOKEN }),
    env: { LAB_TOKEN: TOKEN },
    secrets: [TOKEN],
  }),
  sound({
    id: 'config-unset-variable/with-a-default',
    client: 'claude-code',
    text: jsonWith('mcpServers', withKey('${LAB_TOKEN:-none}')),
    script: NEEDS_KEY,
  }),
  sound({
    id: 'config-unset-variable/handed-on-by-codex',
    client: 'codex',
    text: '[mcp_servers.lab]\ncommand = "<node>"\nargs = ["<server>"]\nenv_vars = ["LAB_KEY"]\n',
    script: NEEDS_KEY,
    env: { LAB_KEY: TOKEN },
    secrets: [TOKEN],
  }),
  sound({
    id: 'config-unset-variable/the-shell-expands-it',
    client: 'claude-desktop',
    text: jsonWith('mcpServers', { command: 'sh', args: ['-c', 'test -d "$HOME" && exec <node> <server>'] }),
  }),
];
