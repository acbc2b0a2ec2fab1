/** A machine on which everybody uses MCP, and all of it works. */
import type { Report } from '../../../../src/model/report.ts';
import { defineNearMiss } from '../../fault.ts';
import { BY_COMMAND, jsonWith, machine, USER_FILE } from '../../servers/machine.ts';

/** One entry per client, in the client's own form. */
const TEXTS = {
  'claude-code': jsonWith('mcpServers', { type: 'http', url: '<url>' }),
  'claude-desktop': jsonWith('mcpServers', BY_COMMAND),
  cline: jsonWith('mcpServers', { type: 'streamableHttp', url: '<url>', disabled: false, autoApprove: [] }),
  codex: '# by hand\n[mcp_servers.lab]\ncommand = "<node>"\nargs = ["<server>"]\n',
  crush: jsonWith('mcp', { type: 'http', url: '<url>' }),
  cursor: jsonWith('mcpServers', { url: '<url>' }),
  'gemini-cli': jsonWith('mcpServers', { httpUrl: '<url>' }),
  'github-copilot-cli': jsonWith('mcpServers', { type: 'http', url: '<url>', tools: ['*'] }),
  goose: 'extensions:\n  lab:\n    name: lab\n    type: stdio\n    cmd: <node>\n    args:\n      - <server>\n    enabled: true\n',
  'lm-studio': jsonWith('mcpServers', { url: '<url>' }),
  opencode: jsonWith('mcp', { type: 'remote', url: '<url>' }),
  'qwen-code': jsonWith('mcpServers', { httpUrl: '<url>' }),
  vscode: '{\n  // by hand\n  "servers": { "lab": { "type": "http", "url": "<url>" } },\n}\n',
  zed: jsonWith('context_servers', BY_COMMAND),
} as const;

type Client = keyof typeof TEXTS;
const CLIENTS = Object.keys(TEXTS) as Client[];

function notWell({ targets }: Report): readonly string[] {
  const missing = CLIENTS.filter((client) => !targets.some((target) => target.client === client));
  const ill = targets.filter(({ status }) => status !== 'ok');
  return [
    ...missing.map((client) => `no target of ${client}`),
    ...ill.map(({ client, name, status, summary }) => `${client}:${name} is ${status}: ${summary}`),
  ];
}

export default [
  defineNearMiss({
    id: 'config/healthy/fourteen-clients',
    group: 'config',
    async arrange(bench) {
      const files = Object.fromEntries(CLIENTS.map((client) => [USER_FILE[client], TEXTS[client]]));
      return {
        ...(await machine(bench, { files })),
        check: ({ document }) => (document?.schema === 'mcpreach.report/1' ? notWell(document) : ['no report']),
      };
    },
    expect: { status: 'ok' },
    within: 15_000,
  }),
];
