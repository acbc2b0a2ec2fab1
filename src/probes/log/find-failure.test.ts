import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { LogSubject } from './belongs.ts';
import { lastOutcome } from './find-failure.ts';
import { sampleFile } from '../../../test/rig/log-samples.ts';

const NOW = Date.parse('2026-11-28T12:30:00Z');

function subject(name: string | null, more: Partial<LogSubject> = {}): LogSubject {
  return { name, alias: null, address: null, command: [], ...more };
}

function http(port: number, path = '/mcp', host = 'localhost'): NonNullable<LogSubject['address']> {
  return { host, port, path, isUsualPort: port === 80 || port === 443 };
}

function last(
  text: string,
  about: LogSubject,
  own = false,
): { readonly kind: string; readonly text: string; readonly at: string | null } | null {
  const found = lastOutcome({ text, own, isCut: false }, about, NOW);
  return found === null ? null : { kind: found.kind, text: found.text, at: found.at === null ? null : new Date(found.at).toISOString() };
}

interface Sample {
  readonly file: string;
  readonly about: LogSubject;
  readonly own?: true;
  /** What the deciding line says; null where there is no failure. */
  readonly says: RegExp | null;
  readonly at?: string;
}

const SAMPLES: readonly Sample[] = [
  { file: 'claude-desktop.log', about: subject('files'), says: /spawn files-mcp-server ENOENT/, at: '2026-11-28T08:30:00.131Z' },
  { file: 'claude-desktop.log', about: subject('files-extra'), says: /-32001: Request timed out/ },
  { file: 'claude-desktop.log', about: subject('notes'), says: null },
  { file: 'claude-desktop.log', about: subject('extra'), says: null },
  { file: 'claude-desktop-own.log', about: subject('tickets'), own: true, says: /npm error code E404/, at: '2026-11-28T09:12:40.091Z' },
  { file: 'claude-code.jsonl', about: subject('memory'), own: true, says: /^ModuleNotFoundError: No module named 'memory'/ },
  { file: 'claude-code-gone.jsonl', about: subject('gone'), own: true, says: /Executable not found in \$PATH: "nppx"/ },
  { file: 'claude-code-crash.jsonl', about: subject('crash'), own: true, says: /ACME_TOKEN is required/ },
  { file: 'claude-code-refused.jsonl', about: subject('refused'), own: true, says: /code: ConnectionRefused/ },
  { file: 'claude-code-slow.jsonl', about: subject('slow'), own: true, says: /Connection timeout triggered after 3005ms/ },
  { file: 'claude-code-good.jsonl', about: subject('good'), own: true, says: null },
  { file: 'opencode-logfmt.log', about: subject('gone'), says: /key=gone type=local status=failed/ },
  { file: 'opencode-logfmt.log', about: subject('models.dev'), says: null },
  { file: 'claude-code-array.txt', about: subject('thinking'), own: true, says: /timed out after 30000ms/, at: '2026-11-28T10:20:39.595Z' },
  {
    file: 'cursor.log',
    about: subject('my-docs', { alias: 'docs', command: ['npx', '-y', 'my-docs-server@latest'] }),
    says: /spawn npx ENOENT/,
  },
  {
    file: 'cursor.log',
    about: subject('other-docs', { alias: 'docs', command: ['uvx', 'other-docs'] }),
    says: /-32000: Connection closed/,
  },
  { file: 'cursor.log', about: subject('fetch', { alias: 'etch', command: ['uvx', 'mcp-server-fetch'] }), says: null },
  { file: 'vscode-own.log', about: subject('mcp-server-time'), own: true, says: /No module named mcp_server_time/ },
  { file: 'vscode-http.log', about: subject(null, { address: http(8123) }), says: /401 status sending message/ },
  { file: 'vscode-http.log', about: subject(null, { address: http(812) }), says: null },
  { file: 'codex.log', about: subject('pdf_reader'), says: /connection closed: initialize response/, at: '2026-11-28T06:00:31.130Z' },
  { file: 'codex.log', about: subject('files'), says: null },
  { file: 'codex.log', about: subject('renamed', { address: http(9911) }), says: /Connection refused \(os error 111\)/ },
  { file: 'zed.log', about: subject('some-server'), says: /Context server request timeout/, at: '2026-11-28T22:26:04.000Z' },
  { file: 'zed.log', about: subject('server'), says: null },
  { file: 'opencode.log', about: subject('context'), says: /spawn npx ENOENT/ },
  { file: 'opencode.log', about: subject('exa'), says: /exa failed to start/ },
  { file: 'opencode.log', about: subject('moon'), says: /status=failed/ },
  { file: 'goose.log', about: subject('broken-mcp'), says: /ConnectionRefused/, at: '2026-11-28T05:10:01.250Z' },
  { file: 'goose.log', about: subject('broken'), says: null },
  { file: 'crush.log', about: subject('mini'), says: /invalid character 'i'/, at: '2026-11-28T02:39:11.183Z' },
  { file: 'crush.log', about: subject('zai'), says: null },
  { file: 'librechat.log', about: subject('datetime'), says: /spawn python ENOENT/ },
  { file: 'librechat.log', about: subject('notes'), says: null },
  { file: 'amazon-q.log', about: subject('awslabs.core-mcp-server'), says: /-32002|has failed to load/ },
  { file: 'amazon-q.log', about: subject('core-mcp-server'), says: null },
  { file: 'copilot-cli.log', about: subject('pages'), says: /Failed to start MCP client for pages/ },
  { file: 'copilot-cli.log', about: subject('github-mcp-server'), says: null },
  { file: 'kiro.log', about: subject('search'), says: /spawn uvx ENOENT/ },
  { file: 'kiro.log', about: subject('research'), says: null },
];

for (const { file, about, own, says, at } of SAMPLES) {
  test(`${file}: ${about.name ?? about.address?.port} ${says === null ? 'has no failure' : `failed, ${says.source}`}`, () => {
    const found = last(readFileSync(sampleFile(file), 'utf8'), about, own);
    if (says === null) assert.notEqual(found?.kind, 'failure', found?.text);
    else {
      assert.equal(found?.kind, 'failure');
      assert.match(found.text, says);
      if (at !== undefined) assert.equal(found.at, at);
    }
  });
}
