import { jsonWith } from '../../servers/machine.ts';
import { broken, sound } from './config-case.ts';

const BROKEN = { status: 'failed', cause: 'config-syntax', layer: 'config' } as const;
const BOM = '\ufeff';

export default [
  broken({
    id: 'config-syntax/comment-in-strict-json',
    client: 'claude-desktop',
    text: '{\n  // my servers\n  "mcpServers": { "lab": { "command": "<node>", "args": ["<server>"] } }\n}\n',
    expect: { ...BROKEN, says: /comment/i },
  }),
  broken({
    id: 'config-syntax/trailing-comma-in-strict-json',
    client: 'claude-desktop',
    text: '{\n  "mcpServers": {\n    "lab": { "command": "<node>", "args": ["<server>"], },\n  }\n}\n',
    expect: { ...BROKEN, says: /comma/i },
  }),
  broken({
    id: 'config-syntax/missing-comma',
    client: 'cursor',
    text: '{\n  "mcpServers": {\n    "lab": { "url": "<url>" }\n    "other": { "url": "<url>" }\n  }\n}\n',
    expect: BROKEN,
  }),
  broken({
    id: 'config-syntax/unclosed',
    client: 'vscode',
    text: '{\n  "servers": {\n    "lab": { "type": "http", "url": "<url>" }\n',
    expect: BROKEN,
  }),
  broken({
    id: 'config-syntax/single-quotes',
    client: 'claude-desktop',
    text: "{ 'mcpServers': { 'lab': { 'command': '<node>', 'args': ['<server>'] } } }\n",
    expect: BROKEN,
  }),
  broken({
    id: 'config-syntax/typographic-quotes',
    client: 'claude-desktop',
    text: '{ “mcpServers”: { “lab”: { “command”: “<node>” } } }\n',
    expect: BROKEN,
  }),
  broken({
    id: 'config-syntax/conflict-markers',
    client: 'cursor',
    text: '{\n<<<<<<< HEAD\n  "mcpServers": {}\n=======\n  "mcpServers": { "lab": { "url": "<url>" } }\n>>>>>>> theirs\n}\n',
    expect: BROKEN,
  }),
  broken({
    id: 'config-syntax/toml',
    client: 'codex',
    text: '[mcp_servers.lab\nurl = "<url>"\n',
    expect: BROKEN,
  }),
  broken({
    id: 'config-syntax/toml-key-twice',
    client: 'codex',
    text: '[mcp_servers.lab]\nurl = "<url>"\nurl = "<url>"\n',
    expect: BROKEN,
  }),
  broken({
    id: 'config-syntax/yaml-tabs',
    client: 'goose',
    text: 'extensions:\n\tlab:\n\t\ttype: streamable_http\n\t\turi: <url>\n',
    expect: BROKEN,
  }),
  broken({
    id: 'config-syntax/byte-order-mark',
    client: 'claude-desktop',
    text: BOM + jsonWith('mcpServers', { command: '<node>', args: ['<server>'] }),
    expect: { status: ['warning', 'failed'], cause: ['config-syntax', null], findings: ['config-syntax'] },
  }),
  broken({
    id: 'config-syntax/utf-16',
    client: 'claude-desktop',
    text: Buffer.from(`${BOM}{ "mcpServers": { "lab": { "command": "true" } } }\n`, 'utf16le'),
    expect: BROKEN,
  }),
  sound({
    id: 'config-syntax/comments-where-they-are-allowed',
    client: 'vscode',
    text: '{\n  // my servers\n  "servers": { "lab": { "type": "http", "url": "<url>" }, /* no more */ },\n}\n',
  }),
  sound({
    id: 'config-syntax/byte-order-mark-where-it-is-allowed',
    client: 'vscode',
    text: BOM + jsonWith('servers', { type: 'http', url: '<url>' }),
  }),
  sound({
    id: 'config-syntax/windows-line-ends',
    client: 'claude-desktop',
    text: jsonWith('mcpServers', { command: '<node>', args: ['<server>'] }).replaceAll('\n', '\r\n'),
  }),
  sound({
    id: 'config-syntax/comments-in-toml',
    client: 'codex',
    text: '# my servers\nmodel = "o5"\n[mcp_servers.lab] # the lab\ncommand = \'<node>\'\nargs = [\n  "<server>", # its script\n]\n',
  }),
  sound({
    id: 'config-syntax/anchors-in-yaml',
    client: 'goose',
    text: 'common: &common\n  enabled: true\n  timeout: 300\nextensions:\n  lab:\n    <<: *common\n    type: streamable_http\n    uri: "<url>" # the lab\n',
  }),
  sound({
    id: 'config-syntax/settings-of-a-whole-editor',
    client: 'zed',
    text: '{\n  "theme": "One Dark", // dark\n  "context_servers": { "lab": { "command": "<node>", "args": ["<server>"], }, },\n}\n',
  }),
];
