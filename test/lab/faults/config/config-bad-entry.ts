import { BY_COMMAND, jsonWith } from '../../servers/machine.ts';
import { statelessV1 } from '../../servers/sdk-v1.ts';
import { broken, sound } from './config-case.ts';

const BAD = { status: 'failed', cause: 'config-bad-entry', target: 'lab' } as const;
const NEEDS_KEY = { boot: "if (!process.env.LAB_KEY) { console.error('LAB_KEY is required'); process.exit(1); }" };
const TOKEN = 'lab-token-9f8e7d6c5b';

export default [
  broken({
    id: 'config-bad-entry/address-without-a-type',
    client: 'claude-code',
    text: jsonWith('mcpServers', { url: '<url>' }),
    expect: { ...BAD, layer: 'config', says: /type/ },
  }),
  broken({
    id: 'config-bad-entry/address-in-claude-desktop',
    client: 'claude-desktop',
    text: jsonWith('mcpServers', { url: '<url>' }),
    expect: BAD,
  }),
  broken({
    id: 'config-bad-entry/type-word-of-another-client',
    client: 'cline',
    text: jsonWith('mcpServers', { type: 'http', url: '<url>' }),
    expect: { ...BAD, says: /streamableHttp/ },
  }),
  broken({
    id: 'config-bad-entry/type-word-of-goose',
    client: 'goose',
    text: 'extensions:\n  lab:\n    type: http\n    uri: <url>\n    enabled: true\n',
    expect: { ...BAD, says: /streamable_http/ },
  }),
  broken({
    id: 'config-bad-entry/type-word-of-opencode',
    client: 'opencode',
    text: jsonWith('mcp', { type: 'http', url: '<url>' }),
    expect: { ...BAD, says: /remote/ },
  }),
  broken({
    id: 'config-bad-entry/missing-type',
    client: 'crush',
    text: jsonWith('mcp', BY_COMMAND),
    expect: { ...BAD, says: /type/ },
  }),
  broken({
    id: 'config-bad-entry/address-field-of-another-client',
    client: 'cursor',
    text: jsonWith('mcpServers', { serverUrl: '<url>' }),
    expect: { ...BAD, says: /url/ },
  }),
  broken({
    id: 'config-bad-entry/address-field-of-goose',
    client: 'goose',
    text: 'extensions:\n  lab:\n    type: streamable_http\n    url: <url>\n    enabled: true\n',
    expect: { ...BAD, says: /uri/ },
  }),
  broken({ id: 'config-bad-entry/empty', client: 'cursor', text: jsonWith('mcpServers', {}), expect: BAD }),
  broken({
    id: 'config-bad-entry/arguments-as-text',
    client: 'claude-desktop',
    text: jsonWith('mcpServers', { command: '<node>', args: '<server>' }),
    expect: { ...BAD, says: /args/ },
  }),
  broken({
    id: 'config-bad-entry/number-in-env',
    client: 'claude-desktop',
    text: jsonWith('mcpServers', { ...BY_COMMAND, env: { PORT: 3000 } }),
    expect: { ...BAD, says: /PORT/ },
  }),
  broken({
    id: 'config-bad-entry/command-as-text-in-opencode',
    client: 'opencode',
    text: jsonWith('mcp', { type: 'local', command: '<node>', args: ['<server>'] }),
    expect: BAD,
    // Node alone waits for a program on its input.
    within: 30_000,
  }),
  broken({
    id: 'config-bad-entry/whole-line-as-command',
    client: 'claude-desktop',
    text: jsonWith('mcpServers', { command: '<node> <server>' }),
    expect: { ...BAD, cause: ['config-bad-entry', 'command-not-found'] },
  }),
  broken({
    id: 'config-bad-entry/env-in-opencode',
    client: 'opencode',
    text: jsonWith('mcp', { type: 'local', command: ['<node>', '<server>'], env: { LAB_KEY: TOKEN } }),
    script: NEEDS_KEY,
    expect: { ...BAD, says: /environment/ },
    secrets: [TOKEN],
  }),
  broken({
    id: 'config-bad-entry/headers-in-codex',
    client: 'codex',
    text: `[mcp_servers.lab]\nurl = "<url>"\n[mcp_servers.lab.headers]\nAuthorization = "Bearer ${TOKEN}"\n`,
    app: statelessV1({ token: TOKEN }),
    expect: { ...BAD, says: /http_headers/ },
    secrets: [TOKEN],
  }),
  broken({
    id: 'config-bad-entry/single-backslashes',
    client: 'claude-desktop',
    text: '{ "mcpServers": { "lab": { "command": "C:\\tools\\node.exe", "args": ["C:\\new\\report.js"] } } }\n',
    expect: { status: 'failed', cause: ['config-bad-entry', 'config-syntax'] },
  }),
  broken({
    id: 'config-bad-entry/pasted-whole',
    client: 'lm-studio',
    text: '{ "mcpServers": { "mcpServers": { "lab": { "command": "<node>", "args": ["<server>"] } } } }\n',
    expect: { status: 'failed', cause: 'config-bad-entry' },
  }),
  sound({
    id: 'config-bad-entry/right-type-in-cline',
    client: 'cline',
    text: jsonWith('mcpServers', { type: 'streamableHttp', url: '<url>' }),
  }),
  sound({
    id: 'config-bad-entry/right-type-in-claude-code',
    client: 'claude-code',
    text: jsonWith('mcpServers', { type: 'http', url: '<url>' }),
  }),
  sound({
    id: 'config-bad-entry/right-form-in-opencode',
    client: 'opencode',
    text: jsonWith('mcp', { type: 'local', command: ['<node>', '<server>'], environment: { LAB_KEY: '1' } }),
    script: NEEDS_KEY,
  }),
  sound({
    id: 'config-bad-entry/right-headers-in-codex',
    client: 'codex',
    text: `[mcp_servers.lab]\nurl = "<url>"\n[mcp_servers.lab.http_headers]\nAuthorization = "Bearer ${TOKEN}"\n`,
    app: statelessV1({ token: TOKEN }),
    secrets: [TOKEN],
  }),
  sound({ id: 'config-bad-entry/right-field-in-windsurf', client: 'windsurf', text: jsonWith('mcpServers', { serverUrl: '<url>' }) }),
  sound({ id: 'config-bad-entry/right-field-in-gemini', client: 'gemini-cli', text: jsonWith('mcpServers', { httpUrl: '<url>' }) }),
  sound({
    id: 'config-bad-entry/right-form-in-crush',
    client: 'crush',
    text: jsonWith('mcp', { type: 'stdio', ...BY_COMMAND }),
  }),
  sound({
    id: 'config-bad-entry/right-form-in-continue',
    client: 'continue',
    text: 'name: lab\nversion: 1.0.0\nschema: v1\nmcpServers:\n  - name: lab\n    type: streamable-http\n    url: <url>\n',
  }),
];
